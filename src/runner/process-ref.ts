/** One process of one micro. Two revisions, or two runs of one revision, may have processes at the same time. */
export interface ProcessRef {
  readonly instanceId: string
  readonly micro: string
  /** The revision. */
  readonly buildId: string
  /** Counts restarts of the revision with other settings. */
  readonly run: number
}

/** The reference as a key of maps, and for logs. */
export const processKey = ({ instanceId, micro, buildId, run }: ProcessRef): string =>
  `${instanceId}/${micro}@${buildId}${run === 0 ? '' : `~${run}`}`
