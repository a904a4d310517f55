import type { Instance, PublicRoute } from '../contract/index.ts'

/** A public route as seen from outside: mount and pattern joined. */
export const outsidePath = ({ mount, pattern }: PublicRoute) =>
  mount === '/' ? pattern : `${mount}${pattern}`

/** An example of a public path; null when every pattern has a `*` in the middle. */
export function examplePath(routes: readonly PublicRoute[]): string | null {
  const paths = routes.map(outsidePath)
  const exact = paths.find((path) => !path.includes('*'))
  const folder = paths.find((path) => path.indexOf('*') === path.length - 1 && path.endsWith('/*'))
  return exact ?? folder?.slice(0, -1) ?? null
}

/** Whether every path of every micro is public. A rule of one micro never applies to another micro. */
export const isAllPublic = ({ micros = [], public_routes }: Instance) =>
  micros.length > 0 &&
  micros.every(({ mount }) => public_routes.some((route) => route.mount === mount && route.pattern === '/*'))

/** `private`, `3 public routes`. */
export const exposureSummary = ({ public_routes: { length } }: Instance) =>
  length === 0 ? 'private' : `${length} public ${length === 1 ? 'route' : 'routes'}`
