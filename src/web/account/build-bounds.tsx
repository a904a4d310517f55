import type { Storage } from '../../contract/index.ts'
import { count, size } from '../ui/format.ts'

type Limits = Storage['limits']

const MINUTE_MS = 60_000

/** What limits a build of an app, in one sentence each. */
export function BuildBounds({ limits }: { limits: Limits }) {
  return (
    <>
      <dt className="text-muted">One build</dt>
      <dd>
        {bounded(limits.build_bytes)} of disk, {size(limits.build_memory_bytes)} of memory,{' '}
        {limits.build_processes} processes, {time(limits.install_ms)} to install, {time(limits.build_ms)} for
        its commands, {count(limits.build_lines, 'line')} of output per step
      </dd>
    </>
  )
}

/** `10 GB`, or that there is no limit. */
export const bounded = (bytes: number | null): string => (bytes === null ? 'unlimited' : size(bytes))

const time = (ms: number): string => count(Math.max(1, Math.round(ms / MINUTE_MS)), 'minute')
