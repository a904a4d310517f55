import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Control groups bound a whole sandbox; the limits of a single process (prlimit) cannot. */
export interface CgroupParent {
  /** One folder per controller: the same one in the unified hierarchy, two in the old one. */
  readonly memoryDir: string
  readonly pidsDir: string
  readonly version: 1 | 2
}

export interface Cgroup {
  /** Moves processes in; what they start afterwards is in as well. Throws when the kernel refuses. */
  join(pids: readonly number[]): void
  /** Whether the kernel ended a process of it for want of memory. */
  wasOutOfMemory(): boolean
  /** Once all its processes have ended. */
  remove(): void
}

const FILES = {
  1: { memory: 'memory.limit_in_bytes', events: 'memory.oom_control' },
  2: { memory: 'memory.max', events: 'memory.events' },
} as const

/** Where this server may make control groups, or null: mostly it is root, or a service with delegation. */
export function findCgroupParent(): CgroupParent | null {
  const parent = [unifiedParent, legacyParent].map(attempt).find((parent) => parent && canHaveGroups(parent))
  if (!parent) return null
  for (const dir of new Set([parent.memoryDir, parent.pidsDir])) sweep(dir)
  return parent
}

/** The folder may be there from a server that had more rights: only trying tells. */
const canHaveGroups = (parent: CgroupParent): boolean =>
  attempt(() => createCgroup(parent, { memoryBytes: 1 << 30, processes: 10 }).remove()) !== null

/** Removes what servers left that were killed. A group with processes in it cannot be removed. */
function sweep(dir: string): void {
  for (const name of readdirSync(dir)) {
    const server = /^(\d+)-/.exec(name)?.[1]
    if (server && !existsSync(`/proc/${server}`)) attempt(() => rmdirSync(join(dir, name)))
  }
}

/** A new group below `parent`. `memoryBytes` covers processes and their /tmp. Throws when the kernel refuses. */
export function createCgroup(
  parent: CgroupParent,
  limits: { memoryBytes: number; processes: number },
): Cgroup {
  const name = `${process.pid}-${crypto.randomUUID()}`
  const dirs = [...new Set([join(parent.memoryDir, name), join(parent.pidsDir, name)])]
  const memory = join(parent.memoryDir, name)
  const remove = () => dirs.forEach((dir) => attempt(() => rmdirSync(dir)))
  try {
    for (const dir of dirs) mkdirSync(dir)
    writeFileSync(join(memory, FILES[parent.version].memory), String(limits.memoryBytes))
    writeFileSync(join(parent.pidsDir, name, 'pids.max'), String(limits.processes))
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
    remove,
  }
}

function moveInto(dir: string, pid: number): void {
  try {
    writeFileSync(join(dir, 'cgroup.procs'), String(pid))
  } catch (error) {
    // It has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** cgroup v2: groups with controllers may not stand beside processes, but for the root group (cgroups(7)). */
function unifiedParent(): CgroupParent | null {
  const root = '/sys/fs/cgroup'
  const controllers = readFileSync(join(root, 'cgroup.controllers'), 'latin1').split(/\s+/)
  if (!controllers.includes('memory') || !controllers.includes('pids')) return null
  const dir = join(root, 'ownspace')
  writeFileSync(join(root, 'cgroup.subtree_control'), '+memory +pids')
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'cgroup.subtree_control'), '+memory +pids')
  return { memoryDir: dir, pidsDir: dir, version: 2 }
}

/** cgroup v1: below our own groups, so that a bound on this server bounds its apps too. */
function legacyParent(): CgroupParent | null {
  const groups = readFileSync('/proc/self/cgroup', 'latin1')
  const [memoryDir, pidsDir] = ['memory', 'pids'].map((controller) => {
    const own = new RegExp(`^\\d+:(?:.*,)?${controller}(?:,.*)?:(.*)$`, 'm').exec(groups)?.[1]
    return own === undefined ? null : join('/sys/fs/cgroup', controller, own, 'ownspace')
  })
  if (!memoryDir || !pidsDir) return null
  for (const dir of [memoryDir, pidsDir]) mkdirSync(dir, { recursive: true })
  return existsSync(join(pidsDir, 'pids.max')) ? { memoryDir, pidsDir, version: 1 } : null
}

/** What `action` returns, or null when it throws. */
function attempt<T>(action: () => T): T | null {
  try {
    return action()
  } catch {
    return null
  }
}
