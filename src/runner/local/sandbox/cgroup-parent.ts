import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { type CgroupParent, attempt, createCgroup, dirsOf, enableControllers } from './cgroup.ts'

/** Finds where this server may create control groups, or null. Usually only root may. */
export function findCgroupParent(): CgroupParent | null {
  const parents = [unifiedParent, legacyParent].map(attempt).filter((parent) => parent !== null)
  const parent = parents
    .flatMap((parent) => [parent, { ...parent, cpuDir: null }])
    .find((parent) => canHaveGroups(parent))
  if (!parent) return null
  for (const dir of dirsOf(parent)) sweep(dir)
  return parent
}

/** Tries it: the folder may have been left by a server with more rights. */
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

/** Removes groups left by servers that were killed. The kernel does not remove a group that has processes. */
function sweep(dir: string): void {
  for (const name of readdirSync(dir)) {
    const server = /^(\d+)-/.exec(name)?.[1]
    if (!server || existsSync(`/proc/${server}`)) continue
    const owner = join(dir, name)
    // Another server may remove the same groups at this moment.
    const entries = attempt(() => readdirSync(owner, { withFileTypes: true })) ?? []
    const groups = entries.filter((entry) => entry.isDirectory())
    for (const group of groups) attempt(() => rmdirSync(join(owner, group.name)))
    attempt(() => rmdirSync(owner))
  }
}

/** cgroup v2: only the root group may have both processes and groups with controllers (cgroups(7)). */
function unifiedParent(): CgroupParent | null {
  const root = '/sys/fs/cgroup'
  const controllers = readFileSync(join(root, 'cgroup.controllers'), 'latin1').trim().split(/\s+/)
  if (!controllers.includes('memory') || !controllers.includes('pids')) return null
  const dir = join(root, 'ownspace')
  enableControllers(root, false)
  mkdirSync(dir, { recursive: true })
  enableControllers(dir, false)
  // Separately: the kernel refuses this controller while a real-time process is in a group.
  const hasCpu = attempt(() => [root, dir].forEach((at) => enableControllers(at, true))) !== null
  return { memoryDir: dir, pidsDir: dir, cpuDir: hasCpu ? dir : null, version: 2 }
}

/** cgroup v1: below this server's own groups, so that a limit on the server also limits its apps. */
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
