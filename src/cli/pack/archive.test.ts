import { expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fromBuffer, type Entry } from 'yauzl'
import { createTempFolder } from '../testing/temp-folder.ts'
import { createArchive } from './archive.ts'
import { listProjectFiles } from './walk.ts'

const LARGE = Buffer.alloc(3_000_000, 'the quick brown fox ')
const SMALL = Buffer.alloc(3_000, 'the quick brown fox ')
const FILES = { 'a/b/ü.txt': SMALL, empty: '', 'large.bin': LARGE }
const DEFLATED = 8
const STORED = 0

test('another reader of zip finds the same files, without folders, modes and times', async () => {
  using project = createTempFolder(FILES)
  using archive = await createArchive(listProjectFiles(project.path, () => false))
  const entries = await readZip(Buffer.from(await archive.data.arrayBuffer()))
  expect(entries.map(({ entry }) => entry.fileName)).toEqual(['a/b/ü.txt', 'empty', 'large.bin'])
  for (const { entry, content } of entries) {
    expect(content.equals(Buffer.from(FILES[entry.fileName as keyof typeof FILES]))).toBe(true)
    expect(entry).toMatchObject({ externalFileAttributes: 0 })
    expect(entry.getLastModDate().getFullYear()).toBe(1980)
  }
  expect(entries.map(({ entry }) => entry.compressionMethod)).toEqual([DEFLATED, STORED, DEFLATED])
  expect(archive.sizeBytes).toBeLessThan(100_000)
})

test('what is compressed already, or would not become smaller, is stored as it is', async () => {
  const files = { 'large.mp4': LARGE, 'noise.txt': randomBytes(100), 'small.png': SMALL }
  using project = createTempFolder(files)
  using archive = await createArchive(listProjectFiles(project.path, () => false))
  for (const { entry, content } of await readZip(Buffer.from(await archive.data.arrayBuffer()))) {
    expect(entry.compressionMethod).toBe(STORED)
    expect(content.equals(files[entry.fileName as keyof typeof files])).toBe(true)
  }
})

test('the same files give the same bytes', async () => {
  using project = createTempFolder(FILES)
  const files = listProjectFiles(project.path, () => false)
  using first = await createArchive(files)
  using second = await createArchive(files)
  expect(Buffer.from(await first.data.bytes()).equals(Buffer.from(await second.data.bytes()))).toBe(true)
})

test('nothing is left of it once it is disposed, or when a file cannot be read', async () => {
  using project = createTempFolder(FILES)
  const files = listProjectFiles(project.path, () => false)
  const path = await (async () => {
    using archive = await createArchive(files)
    return (archive.data as Bun.BunFile).name!
  })()
  expect(existsSync(path)).toBe(false)
  const missing = {
    path: 'gone',
    absolutePath: `${project.path}/gone`,
    sizeBytes: 1,
    stamp: '',
    changedAtMs: 0,
  }
  await expect(createArchive([missing])).rejects.toThrow()
})

function readZip(bytes: Buffer): Promise<{ entry: Entry; content: Buffer }[]> {
  const { promise, resolve, reject } = Promise.withResolvers<{ entry: Entry; content: Buffer }[]>()
  const found: { entry: Entry; content: Buffer }[] = []
  fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
    if (error) return reject(error)
    zip.on('entry', (entry: Entry) => {
      zip.openReadStream(entry, async (failure, stream) => {
        if (failure) return reject(failure)
        const chunks: Buffer[] = []
        for await (const chunk of stream) chunks.push(chunk as Buffer)
        found.push({ entry, content: Buffer.concat(chunks) })
        zip.readEntry()
      })
    })
    zip.on('end', () => resolve(found))
    zip.on('error', reject)
    zip.readEntry()
  })
  return promise
}
