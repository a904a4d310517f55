import type { BuildId, InstanceId } from '../kernel/ids.ts'

/** One process of one micro: of which revision, and how often that was restarted with other settings before. */
export interface ProcessParts {
  readonly instanceId: string
  readonly micro: string
  readonly buildId: BuildId
  readonly run: number
}

/** Processes of one revision differ by their run, so that the next can start while the last one still answers. */
export const processId = ({ instanceId, micro, buildId, run }: ProcessParts): string =>
  `${instanceId}/${micro}@${buildId}${run === 0 ? '' : `~${run}`}`

/** The reverse; micros' names hold none of `/`, `@` and `~`. */
export function partsOf(id: string): ProcessParts {
  const [instanceId = '', micro = '', buildId = '', run = '0'] = id.split(/[/@~]/)
  return { instanceId, micro, buildId: buildId as BuildId, run: Number(run) }
}

/** The run of each instance that is to serve. Counted in memory: a server that starts has no processes. */
export interface Runs {
  of(instanceId: string): number
  /** Its processes are to be replaced by others of the same revision. */
  renew(instanceId: InstanceId): void
  forget(instanceId: InstanceId): void
}

export function createRuns(): Runs {
  const runs = new Map<string, number>()
  return {
    of: (instanceId) => runs.get(instanceId) ?? 0,
    renew: (instanceId) => void runs.set(instanceId, (runs.get(instanceId) ?? 0) + 1),
    forget: (instanceId) => void runs.delete(instanceId),
  }
}
