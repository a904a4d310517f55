import type { UpstreamAddress } from '../directory/index.ts'
import type { BuildId } from '../kernel/ids.ts'

/** One process of one micro. */
export interface ProcessRef {
  readonly instanceId: string
  readonly micro: string
  readonly buildId: BuildId
  /** Processes of one revision differ by their run (`ProcessRegistry.runOf`): the next starts while the last one answers. */
  readonly run: number
}

export interface RunningProcess {
  readonly process: ProcessRef
  readonly address: UpstreamAddress
}

/** The id of a process in the runner and in logs. A key and a name: it is never parsed. */
export const processId = ({ instanceId, micro, buildId, run }: ProcessRef): string =>
  `${instanceId}/${micro}@${buildId}${run === 0 ? '' : `~${run}`}`
