import { readFileSync } from 'node:fs'

/** Ticks a second in /proc; 100 on every Linux that matters (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100

/** CPU time of a process so far in microseconds, user and system, in steps of 10 ms. Linux only. */
export function cpuMicros(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name may contain blanks: fields are counted from its closing bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / TICKS_PER_SECOND
}
