import { expect, test } from 'bun:test'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createCgroup, findCgroupParent } from './cgroup.ts'

const parent = findCgroupParent()
const LIMITS = { memoryBytes: 1 << 30, processes: 5 }
if (!parent)
  process.stderr.write(
    '\nSKIPPED: control groups. Only root, or a service with delegation, may make any.\n\n',
  )

test.skipIf(!parent)('a group bounds all its processes together, and goes without a trace', async () => {
  const before = readdirSync(parent!.pidsDir)
  const group = createCgroup(parent!, LIMITS)
  const child = Bun.spawn({
    cmd: ['/bin/sh', '-c', 'read -r _; for i in 1 2 3 4 5 6 7 8; do sleep 600 & done'],
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  group.join([child.pid])
  child.stdin.write('\n')
  await child.stdin.end()
  const errors = child.stderr.getReader().read()
  await child.exited
  expect(new TextDecoder().decode((await errors).value)).toContain('fork')
  const name = readdirSync(parent!.pidsDir).find((entry) => !before.includes(entry))!
  const procs = join(parent!.pidsDir, name, 'cgroup.procs')
  for (const pid of (await Bun.file(procs).text()).split('\n').filter(Boolean))
    process.kill(Number(pid), 'SIGKILL')
  while ((await Bun.file(procs).text()) !== '') await Bun.sleep(1)
  group.remove()
  expect(existsSync(procs)).toBe(false)
})

test.skipIf(!parent)('groups of a server that was killed are swept away', () => {
  const left = join(parent!.pidsDir, '4194304-left')
  mkdirSync(left)
  findCgroupParent()
  expect(existsSync(left)).toBe(false)
})
