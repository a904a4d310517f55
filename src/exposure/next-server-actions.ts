import type { ExposedRoute, ExposureWarning } from '../access/index.ts'
import type { MicroSpec } from '../spacefile/index.ts'

/** A micro of a push, as far as its framework goes. */
export type FrameworkMicro = Pick<MicroSpec, 'name' | 'engine'>

/** Where Next answers with files or with code of this very path, and calls no server action. */
const NO_PAGES = /^\/(?:_next|api)\/|\.[a-z0-9]{2,5}$/i

/**
 * Next calls any server action of an app on the address of any page of it, so one public page opens them all. Paths cannot
 * tell them apart; said once for each micro, with the first pattern that does it.
 */
export function warnAboutServerActions(
  routes: readonly ExposedRoute[],
  micros: readonly FrameworkMicro[],
): ExposureWarning[] {
  return micros
    .filter(({ engine }) => engine.family === 'next')
    .flatMap(({ name }) => {
      const page = routes.find(({ micro, pattern }) => micro === name && !NO_PAGES.test(pattern))
      if (page === undefined) return []
      const { pattern } = page
      return [{ micro: name, pattern, message: MESSAGE, hint: HINT }]
    })
}

const MESSAGE = 'on a public page strangers can call every server action of the app'
const HINT = 'let each action ask who calls it: X-Space-Principal is "anonymous" for strangers'
