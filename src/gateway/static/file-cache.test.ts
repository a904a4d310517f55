import { expect, test } from 'bun:test'
import { renameSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createFileCache } from './file-cache.ts'
import { findFile } from './find-file.ts'
import { createTestSite } from './testing/test-site.ts'

test('a file is kept, and found again without being read', () => {
  using site = createTestSite({ 'a.js': 'a' })
  const first = findFile({ root: site.root, cache: site.cache, nowMs: 0 }, 'a.js')
  const second = findFile({ root: site.root, cache: site.cache, nowMs: 0 }, 'a.js')
  expect(first).toEqual({ kind: 'file', file: site.cache.get(`${site.root}//a.js`)! })
  expect(second).toEqual(first)
})

test('a changed file is noticed even when its size and its date are what they were', () => {
  using site = createTestSite({ 'a.js': 'old' })
  const path = join(site.root, 'a.js')
  const { atime, mtime } = statSync(path)
  const before = site.ask('/a.js')
  writeFileSync(`${path}.new`, 'new')
  utimesSync(`${path}.new`, atime, mtime)
  renameSync(`${path}.new`, path)
  site.wait(1000)
  const after = site.ask('/a.js')
  expect([before.text, after.text]).toEqual(['old', 'new'])
  expect(after.header('etag')).not.toBe(before.header('etag'))
})

test('a file written over in place, its size and date set back, is noticed', () => {
  using site = createTestSite({ 'a.js': 'old' })
  const path = join(site.root, 'a.js')
  const { atime, mtime, ctimeMs } = statSync(path)
  expect(site.ask('/a.js').text).toBe('old')
  // The clock of a disk moves in steps: write until it has moved.
  do {
    writeFileSync(path, 'new')
    utimesSync(path, atime, mtime)
  } while (statSync(path).ctimeMs === ctimeMs)
  site.wait(1000)
  expect(site.ask('/a.js').text).toBe('new')
})

test('memory stays bounded, and what is in use stays', () => {
  using site = createTestSite({ 'hot.js': 'x'.repeat(1000) })
  const cache = createFileCache({ maxBytes: 64 * 1024 })
  const find = (name: string) => findFile({ root: site.root, cache, nowMs: 0 }, name)
  find('hot.js')
  for (let i = 0; i < 200; i++) {
    site.write(`${i}.js`, 'y'.repeat(1000))
    find(`${i}.js`)
    find('hot.js')
    expect(cache.usedBytes).toBeLessThanOrEqual(64 * 1024)
  }
  expect(cache.get(`${site.root}//hot.js`)).not.toBeNull()
  expect(cache.get(`${site.root}//0.js`)).toBeNull()
})

test('what is larger than the cache is not kept', () => {
  using site = createTestSite({ 'a.js': 'x'.repeat(5000) })
  const cache = createFileCache({ maxBytes: 4096 })
  findFile({ root: site.root, cache, nowMs: 0 }, 'a.js')
  expect(cache.usedBytes).toBe(0)
})

test('within a second a file is what it was, as a whole', () => {
  using site = createTestSite({ 'a.js': 'old' })
  const before = site.ask('/a.js')
  writeFileSync(join(site.root, 'a.js'), 'newer')
  site.wait(999)
  const after = site.ask('/a.js')
  expect([after.text, after.header('etag')]).toEqual(['old', before.header('etag')])
})

test('a clock that is set back does not keep a file for ever', () => {
  using site = createTestSite({ 'a.js': 'old' })
  site.ask('/a.js')
  writeFileSync(join(site.root, 'a.js'), 'newer')
  site.wait(-3_600_000)
  expect(site.ask('/a.js').text).toBe('newer')
})

test('what was judged for one folder is not taken for another one around it', () => {
  using site = createTestSite({ 'open.txt': 'of the whole', 'inner/a.txt': 'a' })
  symlinkSync('../open.txt', join(site.root, 'inner/link.txt'))
  const find = (root: string, name: string) => findFile({ root, cache: site.cache, nowMs: 0 }, name).kind
  expect(find(site.root, 'inner/link.txt')).toBe('file')
  expect(find(join(site.root, 'inner'), 'link.txt')).toBe('missing')
})

test('a file that is gone is forgotten', () => {
  using site = createTestSite({ 'a.js': 'x' })
  site.ask('/a.js')
  renameSync(join(site.root, 'a.js'), join(site.root, 'b.js'))
  site.wait(1000)
  expect(site.ask('/a.js').status).toBe(404)
  expect(site.ask('/b.js').text).toBe('x')
  expect(site.cache.get(`${site.root}//a.js`)).toBeNull()
})
