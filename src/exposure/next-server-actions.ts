import type { ExposedRoute, ExposureWarning } from '../access/index.ts'
import type { MicroSpec } from '../spacefile/index.ts'

/** What of a micro names its framework. */
export type FrameworkMicro = Pick<MicroSpec, 'name' | 'engine'>

/** Paths that Next answers with a file or a route handler, without calling a server action. */
const NO_PAGES = /^\/(?:_next|api)\/|\.[a-z0-9]{2,5}$/i

/**
 * Next calls any server action of an app at the address of any of its pages, so one public page opens all actions, and no
 * pattern can separate them. Warns once for each micro, with the first pattern that opens a page.
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
const HINT = 'check the caller in each action: X-Space-Principal is "anonymous" for strangers'
