import { expect, test } from 'bun:test'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatBytes, measureTree } from './index.ts'

function folder() {
  const dir = mkdtempSync(join(tmpdir(), 'ownspace-measure-'))
  return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) }
}

test('what is on the disk is counted, and not what files claim', async () => {
  using at = folder()
  mkdirSync(join(at.dir, 'a/b'), { recursive: true })
  writeFileSync(join(at.dir, 'a/b/file'), new Uint8Array(1e6))
  const before = await measureTree(at.dir)
  expect(before.isWhole).toBe(true)
  expect(before.bytes).toBeWithin(1e6, 1.1e6)
  writeFileSync(join(at.dir, 'sparse'), '')
  truncateSync(join(at.dir, 'sparse'), 1e12)
  expect((await measureTree(at.dir)).bytes).toBeLessThan(1.2e6)
})

test('a file with several names counts once, and empty files are not free', async () => {
  using at = folder()
  writeFileSync(join(at.dir, 'file'), new Uint8Array(1e6))
  for (let count = 0; count < 5; count += 1) linkSync(join(at.dir, 'file'), join(at.dir, `name-${count}`))
  expect((await measureTree(at.dir)).bytes).toBeLessThan(1.1e6)
  for (let count = 0; count < 1000; count += 1) writeFileSync(join(at.dir, `empty-${count}`), '')
  expect((await measureTree(at.dir)).bytes).toBeGreaterThan(4e6)
})

test('links lead nowhere', async () => {
  using at = folder()
  symlinkSync('/usr', join(at.dir, 'link'))
  expect((await measureTree(at.dir)).bytes).toBeLessThan(20_000)
})

test('what is larger than the bound is not measured further', async () => {
  using at = folder()
  for (let count = 0; count < 100; count += 1) writeFileSync(join(at.dir, `${count}`), 'x')
  const { bytes, isWhole } = await measureTree(at.dir, 50_000)
  expect(isWhole).toBe(false)
  expect(bytes).toBeWithin(50_000, 60_000)
})

test('a folder that is not there takes nothing', async () => {
  expect(await measureTree('/no/such/folder')).toEqual({ bytes: 0, isWhole: true })
})

test('a path that is too long to be looked at leaves the tree not whole', async () => {
  using at = folder()
  const make = `cd ${at.dir}; n=$(printf d%.0s $(seq 200)); for i in $(seq 30); do mkdir $n; cd -P ./$n; done`
  Bun.spawnSync(['bash', '-c', make])
  expect((await measureTree(at.dir)).isWhole).toBe(false)
})

test.skipIf(process.getuid?.() === 0)('a folder that cannot be read leaves the tree not whole', async () => {
  using at = folder()
  mkdirSync(join(at.dir, 'closed'), { mode: 0 })
  expect((await measureTree(at.dir)).isWhole).toBe(false)
  chmodSync(join(at.dir, 'closed'), 0o700)
})

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999_000, '999 kB'],
  [999_600, '1 MB'],
  [64e6, '64 MB'],
  [3_240_000_000, '3.2 GB'],
  [252e9, '252 GB'],
])('%d bytes are %p', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})
