import type { Instance, Override, Surface, SurfaceRoute } from '../../contract/index.ts'
import { getJson, putJson } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import { CliError } from '../failure.ts'
import { printable } from '../printable.ts'

const accessPath = (instance: Instance) => `/v0/instances/${encodeURIComponent(instance.id)}/access`

export const getSurface = (connection: Connection, instance: Instance): Promise<Surface> =>
  getJson<Surface>(connection, accessPath(instance))

/** Replaces everything that the owner has narrowed; the next request is judged by it. */
export const putOverrides = (
  connection: Connection,
  instance: Instance,
  overrides: readonly Override[],
): Promise<Surface> => putJson<Surface>(connection, `${accessPath(instance)}/overrides`, { overrides })

/** Whether this is what closes the route. */
export const isCloseOf =
  ({ micro, pattern }: SurfaceRoute) =>
  (override: Override) =>
    override.kind === 'close' && override.micro === micro && override.pattern === pattern

/**
 * The route that a person means by a micro and a pattern, which may be written as it is from outside. Throws
 * `not_found` with the routes that there are.
 */
export function requireRoute(
  { routes }: Surface,
  wanted: { readonly micro: string; readonly pattern: string },
): SurfaceRoute {
  const own = routes.filter(({ micro }) => micro === wanted.micro)
  const found =
    own.find(({ pattern }) => pattern === wanted.pattern) ??
    own.find(({ outside }) => outside === wanted.pattern)
  if (found) return found
  throw new CliError('not_found', `No public route "${wanted.pattern}" of a micro "${wanted.micro}".`, {
    hints:
      routes.length === 0
        ? ['Nothing of this app is public.']
        : ['There is:', ...routes.map(({ micro, pattern }) => `  ${printable(micro)} ${printable(pattern)}`)],
  })
}
