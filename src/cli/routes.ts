import type { Instance, PublicRoute } from '../contract/index.ts'

/** A public route as it is written in an address: mount and pattern in one. */
export const outsidePath = ({ mount, pattern }: PublicRoute) =>
  mount === '/' ? pattern : `${mount}${pattern}`

/** A path that answers everybody, to try it with; null when every rule has a `*` in the middle of things. */
export function examplePath(routes: readonly PublicRoute[]): string | null {
  const paths = routes.map(outsidePath)
  const exact = paths.find((path) => !path.includes('*'))
  const folder = paths.find((path) => path.indexOf('*') === path.length - 1 && path.endsWith('/*'))
  return exact ?? folder?.slice(0, -1) ?? null
}

/** Whether every micro answers everybody on every path. A rule on one micro never reaches another one. */
export const isAllPublic = ({ micros = [], public_routes }: Instance) =>
  micros.length > 0 &&
  micros.every(({ mount }) => public_routes.some((route) => route.mount === mount && route.pattern === '/*'))

/** `private`, `3 public routes`. */
export const exposureSummary = ({ public_routes: { length } }: Instance) =>
  length === 0 ? 'private' : `${length} public ${length === 1 ? 'route' : 'routes'}`
