import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { syncEach, syncFile, syncTrees, writeDurably } from './durable.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ownspace-durable-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test('a file is replaced whole, with its mode, and no draft is left', async () => {
  const path = join(folder, 'file')
  await writeDurably(path, 'one', 0o600)
  await writeDurably(path, Buffer.from('two'), 0o600)
  expect(readFileSync(path, 'utf8')).toBe('two')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['file'])
})

test('a file that cannot be written leaves the old one and no draft', async () => {
  mkdirSync(join(folder, 'taken', 'inside'), { recursive: true })
  await expect(writeDurably(join(folder, 'taken'), 'x', 0o600)).rejects.toThrow()
  expect(readdirSync(folder)).toEqual(['taken'])
})

test('trees with links and empty folders are synced either way', async () => {
  mkdirSync(join(folder, 'a/b'), { recursive: true })
  await writeDurably(join(folder, 'a/file'), 'x', 0o600)
  symlinkSync('nowhere', join(folder, 'a/link'))
  await syncTrees([join(folder, 'a'), folder])
  await syncEach(folder)
})

test('what is not there, or is a link, is not taken for synced', async () => {
  symlinkSync('/etc/hostname', join(folder, 'link'))
  await expect(syncTrees([join(folder, 'none')])).rejects.toThrow('ENOENT')
  await expect(syncFile(join(folder, 'link'))).rejects.toThrow('ELOOP')
})
