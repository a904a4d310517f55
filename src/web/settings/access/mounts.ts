import type { Instance } from '../../../contract/index.ts'

/** Where a micro is mounted; `/` for one that is gone. */
export const mountOf = ({ micros }: Instance, micro: string): string =>
  micros.find(({ name }) => name === micro)?.mount ?? '/'

/** A pattern of a micro as it is from the root of the app's host. */
export const outsideOf = (pattern: string, mount: string): string =>
  mount === '/' ? pattern : `${mount}${pattern}`
