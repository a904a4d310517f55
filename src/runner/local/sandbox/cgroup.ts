import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pollUntil } from '../process/wait.ts'

/** Control groups bound a whole sandbox; the limits of a single process (prlimit) cannot. */
export interface CgroupParent {
  /** One folder per controller: the same one in the unified hierarchy, one each in the old one. */
  readonly memoryDir: string
  readonly pidsDir: string
  /** Null: groups of this server get no share of the CPU of their own. */
  readonly cpuDir: string | null
  readonly version: 1 | 2
}

export interface CgroupBounds {
  /** All groups of an owner together have one share of the CPU, however many processes and sessions they have. */
  readonly owner: string
  /** Of that share, against other owners'; 100 is usual. */
  readonly cpuWeight: number
  readonly memoryBytes: number
  readonly processes: number
}

export interface Cgroup {
  /** Moves processes in; what they start afterwards is in as well. Throws when the kernel refuses. */
  join(pids: readonly number[]): void
  /** Whether the kernel ended a process of it for want of memory. */
  wasOutOfMemory(): boolean
  /** Once all its processes are ended; waits for those that are about to be gone. */
  remove(): Promise<void>
}

const FILES = {
  1: { memory: 'memory.limit_in_bytes', events: 'memory.oom_control' },
  2: { memory: 'memory.max', events: 'memory.events' },
} as const
/** What a weight of 100 is called in the old hierarchy. */
const LEGACY_SHARES = 1024
/** What is not empty by then stays, to be swept away at the next start. */
const REMOVE_MS = 5_000

/** Where this server may make control groups, or null: mostly it is root. */
export function findCgroupParent(): CgroupParent | null {
  const parents = [unifiedParent, legacyParent].map(attempt).filter((parent) => parent !== null)
  const parent = parents
    .flatMap((parent) => [parent, { ...parent, cpuDir: null }])
    .find((parent) => canHaveGroups(parent))
  if (!parent) return null
  for (const dir of dirsOf(parent)) sweep(dir)
  return parent
}

const dirsOf = ({ memoryDir, pidsDir, cpuDir }: CgroupParent): string[] => [
  ...new Set([memoryDir, pidsDir, ...(cpuDir === null ? [] : [cpuDir])]),
]

/** The folder may be there from a server that had more rights: only trying tells. */
const canHaveGroups = (parent: CgroupParent): boolean =>
  attempt(() => {
    const group = createCgroup(parent, {
      owner: 'trial',
      cpuWeight: 100,
      memoryBytes: 1 << 30,
      processes: 10,
    })
    void group.remove()
  }) !== null

/** Removes what servers left that were killed. A group with processes in it cannot be removed. */
function sweep(dir: string): void {
  for (const name of readdirSync(dir)) {
    const server = /^(\d+)-/.exec(name)?.[1]
    if (!server || existsSync(`/proc/${server}`)) continue
    const owner = join(dir, name)
    // Another server may do the same at this moment.
    const entries = attempt(() => readdirSync(owner, { withFileTypes: true })) ?? []
    const groups = entries.filter((entry) => entry.isDirectory())
    for (const group of groups) attempt(() => rmdirSync(join(owner, group.name)))
    attempt(() => rmdirSync(owner))
  }
}

/** A new group of its owner below `parent`. `memoryBytes` covers processes and their /tmp. Throws when the kernel refuses. */
export function createCgroup(parent: CgroupParent, bounds: CgroupBounds): Cgroup {
  const owner = `${process.pid}-${createHash('sha256').update(bounds.owner).digest('hex').slice(0, 32)}`
  const name = crypto.randomUUID()
  const dirs = dirsOf(parent).map((dir) => join(dir, owner, name))
  const memory = join(parent.memoryDir, owner, name)
  const remove = () => {
    for (const dir of dirs) attempt(() => rmdirSync(dir))
    // Those of its owner that have other groups stay.
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
      // A process that was killed leaves its groups a moment later.
      await pollUntil(() => !dirs.some(hasProcesses), AbortSignal.timeout(REMOVE_MS)).catch(() => {})
      remove()
    },
  }
}

const hasProcesses = (dir: string): boolean =>
  attempt(() => readFileSync(join(dir, 'cgroup.procs'), 'latin1') !== '') ?? false

function openOwner({ version, cpuDir }: CgroupParent, dir: string): void {
  mkdirSync(dir, { recursive: true })
  if (version === 2) passOn(dir, cpuDir !== null)
}

/** Groups below `dir` may use these controllers (cgroups(7), subtree control). */
const passOn = (dir: string, withCpu: boolean): void =>
  writeFileSync(join(dir, 'cgroup.subtree_control'), `+memory +pids${withCpu ? ' +cpu' : ''}`)

const setCpuWeight = (version: 1 | 2, dir: string, weight: number): void =>
  version === 2
    ? writeFileSync(join(dir, 'cpu.weight'), String(weight))
    : writeFileSync(join(dir, 'cpu.shares'), String(Math.round((weight * LEGACY_SHARES) / 100)))

function moveInto(dir: string, pid: number): void {
  try {
    writeFileSync(join(dir, 'cgroup.procs'), String(pid))
  } catch (error) {
    // It has ended in between.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** cgroup v2: groups with controllers may not stand beside processes, but for the root group (cgroups(7)). */
function unifiedParent(): CgroupParent | null {
  const root = '/sys/fs/cgroup'
  const controllers = readFileSync(join(root, 'cgroup.controllers'), 'latin1').trim().split(/\s+/)
  if (!controllers.includes('memory') || !controllers.includes('pids')) return null
  const dir = join(root, 'ownspace')
  passOn(root, false)
  mkdirSync(dir, { recursive: true })
  passOn(dir, false)
  // On its own: the kernel refuses it while a real-time process is in a group.
  const hasCpu = attempt(() => [root, dir].forEach((at) => passOn(at, true))) !== null
  return { memoryDir: dir, pidsDir: dir, cpuDir: hasCpu ? dir : null, version: 2 }
}

/** cgroup v1: below our own groups, so that a bound on this server bounds its apps too. */
function legacyParent(): CgroupParent | null {
  const groups = readFileSync('/proc/self/cgroup', 'latin1')
  const [memoryDir, pidsDir, cpuDir] = ['memory', 'pids', 'cpu'].map((controller) => {
    const own = new RegExp(`^\\d+:(?:.*,)?${controller}(?:,.*)?:(.*)$`, 'm').exec(groups)?.[1]
    return own === undefined ? null : join('/sys/fs/cgroup', controller, own, 'ownspace')
  })
  if (!memoryDir || !pidsDir) return null
  for (const dir of [memoryDir, pidsDir]) mkdirSync(dir, { recursive: true })
  if (!existsSync(join(pidsDir, 'pids.max'))) return null
  const hasCpu = cpuDir && attempt(() => mkdirSync(cpuDir, { recursive: true })) !== null
  return { memoryDir, pidsDir, cpuDir: hasCpu ? cpuDir : null, version: 1 }
}

/** What `action` returns, or null when it throws. */
function attempt<T>(action: () => T): T | null {
  try {
    return action()
  } catch {
    return null
  }
}
