import { z } from 'zod'

/** A public rule of an app. */
export const exposedRoute = z
  .strictObject({
    micro: z.string().meta({ description: 'The micro that serves it.' }),
    mount: z.string().meta({ description: 'Where the micro is mounted.', examples: ['/', '/api'] }),
    pattern: z.string().meta({ description: 'Below the mount.' }),
    from: z.string().meta({ description: 'The micro whose Spacefile entry it is.' }),
    outside: z.string().meta({ description: 'The pattern from the root of the host of the app.' }),
    examples: z.array(z.string()).meta({ description: 'Paths that it opens.' }),
  })
  .meta({ id: 'ExposedRoute' })

export const routeWarning = z
  .strictObject({ micro: z.string(), pattern: z.string(), message: z.string(), hint: z.string().optional() })
  .meta({ id: 'RouteWarning' })

export const exposure = z
  .strictObject({
    opens: z.array(exposedRoute).meta({ description: 'Rules that make something public that was private.' }),
    closes: z.array(exposedRoute).meta({ description: 'Rules whose paths are no longer all public.' }),
    keeps: z.array(exposedRoute).meta({ description: 'Rules that make nothing new public.' }),
    warnings: z.array(routeWarning),
  })
  .meta({
    id: 'Exposure',
    description:
      'What a push changes about what is public, compared with what the instance of the builder serves.',
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
