import { expect, test } from 'bun:test'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeTree } from './index.ts'

test('what is not there is no error', async () => {
  await removeTree('/no/such/folder')
})

test.each([0o555, 0o000])('folders of mode %p do not keep their owner from removing them', async (mode) => {
  const dir = mkdtempSync(join(tmpdir(), 'ownspace-remove-'))
  mkdirSync(join(dir, 'module'))
  writeFileSync(join(dir, 'module/file'), '')
  chmodSync(join(dir, 'module'), mode)
  await removeTree(dir)
  expect(existsSync(dir)).toBe(false)
})

test('what a link leads to is left alone', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'ownspace-outside-'))
  const dir = mkdtempSync(join(tmpdir(), 'ownspace-remove-'))
  writeFileSync(join(outside, 'file'), '', { mode: 0o600 })
  symlinkSync(outside, join(dir, 'link'))
  mkdirSync(join(dir, 'closed/deep'), { recursive: true })
  for (const path of [outside, join(dir, 'closed')]) chmodSync(path, 0o500)
  await removeTree(dir)
  expect([existsSync(dir), existsSync(join(outside, 'file'))]).toEqual([false, true])
  expect(statSync(outside).mode & 0o777).toBe(0o500)
  await removeTree(outside)
})
