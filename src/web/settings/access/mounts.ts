import type { Instance } from '../../../contract/index.ts'

/** Where a micro is mounted; `/` for a micro that no longer exists. */
export const mountOf = ({ micros }: Instance, micro: string): string =>
  micros.find(({ name }) => name === micro)?.mount ?? '/'

/** A micro's pattern, relative to the root of the app's host. */
export const outsideOf = (pattern: string, mount: string): string =>
  mount === '/' ? pattern : `${mount}${pattern}`
