import { z } from 'zod'

/** A public rule of an app. */
export const exposedRoute = z
  .strictObject({
    micro: z.string().meta({ description: 'The micro that serves the route.' }),
    mount: z.string().meta({ description: 'Path at which the micro is mounted.', examples: ['/', '/api'] }),
    pattern: z.string().meta({ description: 'Relative to the mount.' }),
    from: z.string().meta({ description: 'The micro whose Spacefile entry has the pattern.' }),
    outside: z.string().meta({ description: 'The pattern relative to the root of the app’s host.' }),
    examples: z.array(z.string()).meta({ description: 'Paths that it makes public.' }),
  })
  .meta({ id: 'ExposedRoute' })

export const routeWarning = z
  .strictObject({ micro: z.string(), pattern: z.string(), message: z.string(), hint: z.string().optional() })
  .meta({ id: 'RouteWarning' })

export const exposure = z
  .strictObject({
    opens: z.array(exposedRoute).meta({ description: 'Rules that make private paths public.' }),
    closes: z.array(exposedRoute).meta({ description: 'Rules of which some paths are no longer public.' }),
    keeps: z.array(exposedRoute).meta({ description: 'Rules that make nothing new public.' }),
    warnings: z.array(routeWarning),
  })
  .meta({
    id: 'Exposure',
    description:
      'The changes of public access that a push makes, compared with the developer’s running instance.',
  })

export const EXAMPLE_ROUTE = {
  micro: 'api',
  mount: '/api',
  pattern: '/ping',
  from: 'api',
  outside: '/api/ping',
  examples: ['/api/ping'],
} as const
export const EXAMPLE_EXPOSURE = { opens: [EXAMPLE_ROUTE], closes: [], keeps: [], warnings: [] } as const
