import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pollUntil } from '../process/wait.ts'

/** Where this server creates control groups. They limit a whole sandbox, unlike the limits of a process (prlimit). */
export interface CgroupParent {
  /** One folder per controller: the same one in the unified hierarchy, one each in the old one. */
  readonly memoryDir: string
  readonly pidsDir: string
  /** Null: the groups of this server have no CPU weight. */
  readonly cpuDir: string | null
  readonly version: 1 | 2
}

export interface CgroupBounds {
  /** All groups of one owner together have one share of the CPU, however many processes and sessions they have. */
  readonly owner: string
  /** Weight of that share relative to other owners; 100 is the default. */
  readonly cpuWeight: number
  readonly memoryBytes: number
  readonly processes: number
}

export interface Cgroup {
  /** Moves processes into the group; their later children join it too. Throws when the kernel refuses. */
  join(pids: readonly number[]): void
  /** Whether the kernel killed a process of the group for lack of memory. */
  wasOutOfMemory(): boolean
  /** Call it once all processes of the group have been killed; waits until the kernel has removed them. */
  remove(): Promise<void>
}

const FILES = {
  1: { memory: 'memory.limit_in_bytes', events: 'memory.oom_control' },
  2: { memory: 'memory.max', events: 'memory.events' },
} as const
/** The equivalent of weight 100 in cgroup v1. */
const LEGACY_SHARES = 1024
/** A group that still has processes by then is left for the next start of the server. */
const REMOVE_MS = 5_000

export const dirsOf = ({ memoryDir, pidsDir, cpuDir }: CgroupParent): string[] => [
  ...new Set([memoryDir, pidsDir, ...(cpuDir === null ? [] : [cpuDir])]),
]

/** Creates a group of an owner below `parent`. `memoryBytes` covers processes and their /tmp. Throws when the kernel refuses. */
export function createCgroup(parent: CgroupParent, bounds: CgroupBounds): Cgroup {
  const owner = `${process.pid}-${createHash('sha256').update(bounds.owner).digest('hex').slice(0, 32)}`
  const name = crypto.randomUUID()
  const dirs = dirsOf(parent).map((dir) => join(dir, owner, name))
  const memory = join(parent.memoryDir, owner, name)
  const remove = () => {
    for (const dir of dirs) attempt(() => rmdirSync(dir))
    // Fails, as intended, while the owner has other groups.
    for (const dir of dirsOf(parent)) attempt(() => rmdirSync(join(dir, owner)))
  }
  try {
    for (const dir of dirsOf(parent)) openOwner(parent, join(dir, owner))
    for (const dir of dirs) mkdirSync(dir)
    if (parent.cpuDir !== null) setCpuWeight(parent.version, join(parent.cpuDir, owner), bounds.cpuWeight)
    writeFileSync(join(memory, FILES[parent.version].memory), String(bounds.memoryBytes))
    writeFileSync(join(parent.pidsDir, owner, name, 'pids.max'), String(bounds.processes))
  } catch (error) {
    remove()
    throw error
  }
  return {
    join: (pids) => pids.forEach((pid) => dirs.forEach((dir) => moveInto(dir, pid))),
    wasOutOfMemory: () =>
      /^oom_kill [1-9]/m.test(
        attempt(() => readFileSync(join(memory, FILES[parent.version].events), 'latin1')) ?? '',
      ),
    remove: async () => {
      // A killed process stays in its group for a moment.
      await pollUntil(() => !dirs.some(hasProcesses), AbortSignal.timeout(REMOVE_MS)).catch(() => {})
      remove()
    },
  }
}

const hasProcesses = (dir: string): boolean =>
  attempt(() => readFileSync(join(dir, 'cgroup.procs'), 'latin1') !== '') ?? false

function openOwner({ version, cpuDir }: CgroupParent, dir: string): void {
  mkdirSync(dir, { recursive: true })
  if (version === 2) enableControllers(dir, cpuDir !== null)
}

/** Enables controllers for the groups below `dir` (cgroups(7), subtree control). */
export const enableControllers = (dir: string, withCpu: boolean): void =>
  writeFileSync(join(dir, 'cgroup.subtree_control'), `+memory +pids${withCpu ? ' +cpu' : ''}`)

const setCpuWeight = (version: 1 | 2, dir: string, weight: number): void =>
  version === 2
    ? writeFileSync(join(dir, 'cpu.weight'), String(weight))
    : writeFileSync(join(dir, 'cpu.shares'), String(Math.round((weight * LEGACY_SHARES) / 100)))

function moveInto(dir: string, pid: number): void {
  try {
    writeFileSync(join(dir, 'cgroup.procs'), String(pid))
  } catch (error) {
    // The process has exited since.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Returns the result of `action`, or null when it throws. */
export function attempt<T>(action: () => T): T | null {
  try {
    return action()
  } catch {
    return null
  }
}
