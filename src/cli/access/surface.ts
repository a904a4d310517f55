import type { Instance, Override, Surface, SurfaceRoute } from '../../contract/index.ts'
import { getJson, putJson } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import { CliError } from '../failure.ts'
import { printable } from '../printable.ts'

const accessPath = (instance: Instance) => `/v0/instances/${encodeURIComponent(instance.id)}/access`

export const getSurface = (connection: Connection, instance: Instance): Promise<Surface> =>
  getJson<Surface>(connection, accessPath(instance))

/** Replaces all overrides of the owner, effective for the next request. */
export const putOverrides = (
  connection: Connection,
  instance: Instance,
  overrides: readonly Override[],
): Promise<Surface> => putJson<Surface>(connection, `${accessPath(instance)}/overrides`, { overrides })

/** Whether an override closes the route. */
export const isCloseOf =
  ({ micro, pattern }: SurfaceRoute) =>
  (override: Override) =>
    override.kind === 'close' && override.micro === micro && override.pattern === pattern

/**
 * Finds a route by micro and pattern; the pattern may include the mount. Throws
 * `not_found` with the existing routes.
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
  throw new CliError('not_found', `Micro "${wanted.micro}" has no public route "${wanted.pattern}".`, {
    hints:
      routes.length === 0
        ? ['This app has no public routes.']
        : [
            'Available:',
            ...routes.map(({ micro, pattern }) => `  ${printable(micro)} ${printable(pattern)}`),
          ],
  })
}
