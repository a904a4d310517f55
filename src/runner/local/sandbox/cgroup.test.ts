import { expect, test } from 'bun:test'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readAll } from '../process/read-all.ts'
import { createCgroup } from './cgroup.ts'
import { findCgroupParent } from './cgroup-parent.ts'

const parent = findCgroupParent()
const BOUNDS = { owner: 'inst_1', cpuWeight: 100, memoryBytes: 1 << 30, processes: 5 }
const WEIGHT_FILE = parent?.version === 2 ? 'cpu.weight' : 'cpu.shares'
if (!parent) process.stderr.write('\nSKIPPED: control groups. Only root may make any.\n\n')

/** Of this process only: other processes may run tests too. */
const ownersIn = (dir: string): string[] =>
  readdirSync(dir).filter((name) => name.startsWith(`${process.pid}-`))
const groupsIn = (dir: string, owner: string): string[] =>
  readdirSync(join(dir, owner), { withFileTypes: true }).flatMap((at) => (at.isDirectory() ? [at.name] : []))

test.skipIf(!parent)('a group limits all its processes together and is removed completely', async () => {
  const group = createCgroup(parent!, BOUNDS)
  const child = Bun.spawn({
    cmd: ['/bin/sh', '-c', 'read -r _; for i in 1 2 3 4 5 6 7 8; do sleep 600 2>/dev/null & done'],
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  group.join([child.pid])
  child.stdin.write('\n')
  await child.stdin.end()
  const errors = await readAll(child.stderr)
  await child.exited
  const [owner] = ownersIn(parent!.pidsDir)
  const [name] = groupsIn(parent!.pidsDir, owner!)
  const procs = readFileSync(join(parent!.pidsDir, owner!, name!, 'cgroup.procs'), 'latin1')
  for (const pid of procs.split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL')
  expect(errors).toContain('fork')
  await group.remove()
  for (const dir of [parent!.memoryDir, parent!.pidsDir, parent!.cpuDir])
    expect(dir === null ? [] : ownersIn(dir)).toEqual([])
})

test.skipIf(!parent?.cpuDir)('all groups of an owner have one share of the CPU together', async () => {
  const { cpuDir } = parent!
  const groups = [createCgroup(parent!, BOUNDS), createCgroup(parent!, BOUNDS)]
  const build = createCgroup(parent!, { ...BOUNDS, owner: 'build', cpuWeight: 20 })
  const shares = ownersIn(cpuDir!).map((owner) => ({
    weight: Number(readFileSync(join(cpuDir!, owner, WEIGHT_FILE), 'latin1')),
    groups: groupsIn(cpuDir!, owner).length,
  }))
  const [small, usual] = shares.toSorted((a, b) => a.weight - b.weight)
  expect([small!.groups, usual!.groups]).toEqual([1, 2])
  expect(usual!.weight / small!.weight).toBeCloseTo(5, 1)
  await groups[0]!.remove()
  await build.remove()
  expect(ownersIn(cpuDir!).flatMap((owner) => groupsIn(cpuDir!, owner))).toHaveLength(1)
  await groups[1]!.remove()
  expect(ownersIn(cpuDir!)).toEqual([])
})

test.skipIf(!parent)('groups of a server that was killed are removed', () => {
  const left = join(parent!.pidsDir, '4194304-left')
  mkdirSync(join(left, 'group'), { recursive: true })
  findCgroupParent()
  expect(existsSync(left)).toBe(false)
})

test('in cgroup v2 the group of an owner has the weight, and its groups have the limits', () => {
  const dir = mkdtempSync(join(tmpdir(), 'cgroup-test-'))
  try {
    const unified = { memoryDir: dir, pidsDir: dir, cpuDir: dir, version: 2 } as const
    createCgroup(unified, { ...BOUNDS, cpuWeight: 20 })
    const [owner] = ownersIn(dir)
    const [group] = groupsIn(dir, owner!)
    const read = (...path: string[]) => readFileSync(join(dir, owner!, ...path), 'latin1')
    expect([read('cgroup.subtree_control'), read('cpu.weight')]).toEqual(['+memory +pids +cpu', '20'])
    expect([read(group!, 'memory.max'), read(group!, 'pids.max')]).toEqual([String(1 << 30), '5'])
  } finally {
    rmSync(dir, { recursive: true })
  }
})
