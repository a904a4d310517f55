import { describe, expect, test } from 'bun:test'
import { renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTempFolder } from '../testing/temp-folder.ts'
import { createArchive } from './archive.ts'
import { knownArchive, openRecord } from './packed.ts'
import { type ProjectFile, listProjectFiles } from './walk.ts'

const LINKED = { '.space/meta': '{}', 'a.txt': 'one', 'b/c.txt': 'two' }
const list = (dir: string) => listProjectFiles(dir, (path) => path === '.space')

/** As a push packs; `seen` are the files as they were listed. */
async function pack(dir: string, seen: readonly ProjectFile[] = list(dir)): Promise<string> {
  const record = openRecord(dir)
  using archive = await createArchive(seen)
  record?.keep(seen, archive)
  return archive.digest
}

/** So that the files count as unchanged for a long time. */
const aged = (files: readonly ProjectFile[]) => files.map((file) => ({ ...file, changedAtMs: 0 }))

test('an unchanged project has the archive that was packed', async () => {
  using project = createTempFolder(LINKED)
  expect(knownArchive(project.path, list(project.path))).toBeNull()
  const digest = await pack(project.path)
  expect(knownArchive(project.path, list(project.path))).toBe(digest)
  expect(await pack(project.path)).toBe(digest)
})

test.each<[string, (at: (path: string) => string) => void]>([
  ['other content', (at) => writeFileSync(at('a.txt'), 'three')],
  ['other content of the same size', (at) => writeFileSync(at('a.txt'), 'ONE')],
  [
    'other content of the same size and time',
    (at) => {
      const { atime, mtime } = statSync(at('a.txt'))
      writeFileSync(at('a.txt'), 'ONE')
      utimesSync(at('a.txt'), atime, mtime)
    },
  ],
  ['a new file', (at) => writeFileSync(at('d.txt'), '')],
  ['a file less', (at) => rmSync(at('a.txt'))],
  ['another name', (at) => renameSync(at('a.txt'), at('d.txt'))],
])('after a change to %s, the archive has to be packed', async (_name, change) => {
  using project = createTempFolder(LINKED)
  await pack(project.path)
  change((path) => join(project.path, path))
  expect(knownArchive(project.path, list(project.path))).toBeNull()
})

describe('where the clock of the file system has not moved since a file was packed', () => {
  test('its content is compared', async () => {
    using project = createTempFolder(LINKED)
    const seen = list(project.path)
    const digest = await pack(project.path, seen)
    writeFileSync(join(project.path, 'a.txt'), 'ONE')
    expect(knownArchive(project.path, seen)).toBeNull()
    writeFileSync(join(project.path, 'a.txt'), 'one')
    expect(knownArchive(project.path, seen)).toBe(digest)
  })

  test('its content is compared with what was packed, not with what was listed', async () => {
    using project = createTempFolder(LINKED)
    const seen = list(project.path)
    writeFileSync(join(project.path, 'a.txt'), 'ONE')
    const digest = await pack(project.path, seen)
    expect(knownArchive(project.path, seen)).toBe(digest)
    writeFileSync(join(project.path, 'a.txt'), 'one')
    expect(knownArchive(project.path, seen)).toBeNull()
  })

  test('a file that has not changed for long is not read', async () => {
    using project = createTempFolder(LINKED)
    const seen = aged(list(project.path))
    const digest = await pack(project.path, seen)
    rmSync(join(project.path, 'a.txt'))
    expect(knownArchive(project.path, seen)).toBe(digest)
  })
})

test('a record that cannot be read, and a push that did not end, count as none', async () => {
  using project = createTempFolder(LINKED)
  await pack(project.path)
  openRecord(project.path)
  expect(knownArchive(project.path, list(project.path))).toBeNull()
  writeFileSync(join(project.path, '.space/packed'), '{"stamps"')
  expect(knownArchive(project.path, list(project.path))).toBeNull()
})

test('a folder that is not linked keeps nothing', () => {
  using project = createTempFolder({ 'a.txt': 'one' })
  expect(openRecord(project.path)).toBeNull()
  expect(list(project.path).map(({ path }) => path)).toEqual(['a.txt'])
})
