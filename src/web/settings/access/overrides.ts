import type { Override, PrivatePattern, Surface, SurfaceRoute } from '../../../contract/index.ts'

/** A change to the owner's overrides. It is idempotent, so Home can show its result before sending it. */
export type Change = (overrides: readonly Override[]) => Override[]

const isSame = (a: Override) => (b: Override) =>
  a.kind === b.kind && a.micro === b.micro && a.pattern === b.pattern

const without = (override: Override): Change => {
  const is = isSame(override)
  return (overrides) => overrides.filter((other) => !is(other))
}

const withOne =
  (override: Override): Change =>
  (overrides) => [...without(override)(overrides), override]

const closing = ({ micro, pattern }: SurfaceRoute): Override => ({ micro, kind: 'close', pattern })
const hiding = ({ micro, pattern }: Pick<PrivatePattern, 'micro' | 'pattern'>): Override => ({
  micro,
  kind: 'private',
  pattern,
})

export const close = (route: SurfaceRoute): Change => withOne(closing(route))
export const reopen = (route: SurfaceRoute): Change => without(closing(route))
export const addPrivate = (pattern: Pick<PrivatePattern, 'micro' | 'pattern'>): Change =>
  withOne(hiding(pattern))
export const removePrivate = (pattern: PrivatePattern): Change => without(hiding(pattern))

/** The surface with that route closed, for the preview. */
export const withClosed = (surface: Surface, route: SurfaceRoute): Surface => ({
  ...surface,
  overrides: close(route)(surface.overrides),
  routes: surface.routes.map((other) =>
    other.micro === route.micro && other.pattern === route.pattern
      ? { ...other, state: 'closed', advice: null }
      : other,
  ),
})
