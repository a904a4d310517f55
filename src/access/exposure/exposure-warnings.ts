import { diagnoseRoutes } from '../rules/diagnose-routes.ts'
import { belowMount } from '../paths/mounts.ts'
import { trimmed } from '../rules/pattern.ts'
import { assignRules } from '../rules/rules.ts'
import { surfaceOf, type ExposedRoute } from './surface.ts'
import type { EffectiveRules, MicroRoutes } from '../types.ts'

/** A consequence of an app's routes that its author probably did not intend. */
export interface ExposureWarning {
  readonly micro: string
  readonly pattern: string
  readonly message: string
  readonly hint?: string
}

/** Surprising consequences of all routes of an app, including what `diagnoseRoutes` finds in each list. */
export function warnAboutExposure(micros: readonly MicroRoutes[]): ExposureWarning[] {
  const { routes } = surfaceOf(micros)
  return [
    ...assignRules(micros).flatMap(ofLists),
    ...micros.flatMap(ofMount),
    ...routes.filter(({ examples }) => examples.length === 0).map(opensNothing),
    ...routes.filter((route) => isOpenDespiteKeys(route, micros)).map(opensDespiteKeys),
  ]
}

function ofLists({ micro, publicRules, privateRules }: EffectiveRules): ExposureWarning[] {
  const lists = [publicRules, privateRules].map((rules) => rules.map(({ pattern }) => pattern))
  return lists
    .flatMap(diagnoseRoutes)
    .map(({ pattern, message, hint }) => ({ micro, pattern, message, hint }))
}

/** Patterns are below the mount already (COMPAT 1.3). */
function ofMount(micro: MicroRoutes): ExposureWarning[] {
  if (micro.primary) return []
  return micro.publicRoutes
    .map(trimmed)
    .filter((pattern) => pattern === micro.mount || pattern.startsWith(`${micro.mount}/`))
    .map((pattern) => ({
      micro: micro.name,
      pattern,
      message: `this opens ${micro.mount}${pattern}: patterns are relative to ${micro.mount}`,
      hint: `write "${belowMount(pattern, micro)}"`,
    }))
}

const opensNothing = ({ micro, pattern, outside }: ExposedRoute): ExposureWarning => ({
  micro,
  pattern,
  message: `this opens nothing: no example of ${outside} is public`,
  hint: 'another micro serves these paths, or private_routes closes them',
})

const isOpenDespiteKeys = ({ micro, pattern }: ExposedRoute, micros: readonly MicroRoutes[]): boolean =>
  pattern === '/*' && micros.some(({ name, apiKeys }) => name === micro && apiKeys === true)

const opensDespiteKeys = ({ micro, pattern }: ExposedRoute): ExposureWarning => ({
  micro,
  pattern,
  message: 'API keys are never checked here, because everything is public',
  hint: 'remove api_keys, or make only those paths public that need no key',
})
