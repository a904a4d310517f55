import type { BuildId } from '../kernel/ids.ts'

/** One process of one micro: of which revision, and which run of it (`ProcessRegistry.runOf`). */
export interface ProcessParts {
  readonly instanceId: string
  readonly micro: string
  readonly buildId: BuildId
  readonly run: number
}

/** Processes of one revision differ by their run, so that the next can start while the last one still answers. */
export const processId = ({ instanceId, micro, buildId, run }: ProcessParts): string =>
  `${instanceId}/${micro}@${buildId}${run === 0 ? '' : `~${run}`}`

/** The reverse; names of micros contain none of `/`, `@` and `~`. */
export function partsOf(id: string): ProcessParts {
  const [instanceId = '', micro = '', buildId = '', run = '0'] = id.split(/[/@~]/)
  return { instanceId, micro, buildId: buildId as BuildId, run: Number(run) }
}
