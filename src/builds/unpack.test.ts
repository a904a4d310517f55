import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BuildFailure } from './failure.ts'
import { BUILD_LIMITS } from './limits.ts'
import { type KnownFiles, digestTree, filesBelow } from './reuse/digest-tree.ts'
import { zip, type ZipEntry } from './testing/zip.ts'
import { unpackArchive } from './unpack.ts'

// Thousands of files, on machines that also do other work.
setDefaultTimeout(60_000)

class Site implements Disposable {
  readonly base = mkdtempSync(join(tmpdir(), 'unpack-test-'))
  /** Deep, so that a few `..` still end in a folder that the test can see. */
  readonly dir = join(this.base, 'a', 'b', 'c')

  async unpack(archive: Uint8Array): Promise<KnownFiles> {
    await mkdir(this.dir, { recursive: true })
    writeFileSync(join(this.base, 'upload.zip'), archive)
    return (await unpackArchive(join(this.base, 'upload.zip'), this.dir)).files
  }

  /** Files and folders, without those that were there before. */
  names(): string[] {
    const before = ['a', 'a/b', 'a/b/c', 'upload.zip']
    return readdirSync(this.base, { recursive: true })
      .map(String)
      .filter((name) => !before.includes(name))
      .sort()
  }

  [Symbol.dispose](): void {
    rmSync(this.base, { recursive: true, force: true })
  }
}

async function failureOf(archive: Uint8Array): Promise<BuildFailure> {
  using site = new Site()
  const error = await site.unpack(archive).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(BuildFailure)
  expect(site.names().filter((name) => !name.startsWith('a/b/c/'))).toEqual([])
  return error as BuildFailure
}

describe('a valid archive', () => {
  test('is unpacked unchanged', async () => {
    using site = new Site()
    await site.unpack(
      zip([
        { name: 'index.js', data: 'one' },
        { name: 'src/deep/two.js', data: 'two' },
        { name: 'empty', data: '' },
        { name: 'stored', data: 'three', method: 0 },
        { name: 'folder/' },
        { name: 'Straße/ünï.txt', data: 'four' },
      ]),
    )
    expect(readFileSync(join(site.dir, 'index.js'), 'utf8')).toBe('one')
    expect(readFileSync(join(site.dir, 'src/deep/two.js'), 'utf8')).toBe('two')
    expect(readFileSync(join(site.dir, 'stored'), 'utf8')).toBe('three')
    expect(readFileSync(join(site.dir, 'Straße/ünï.txt'), 'utf8')).toBe('four')
    expect(statSync(join(site.dir, 'folder')).isDirectory()).toBe(true)
    expect(statSync(join(site.dir, 'empty')).size).toBe(0)
  })

  test('gives scripts and programs their executable bit back', async () => {
    using site = new Site()
    await site.unpack(
      zip([
        { name: 'build.sh', data: '#!/bin/sh\n' },
        { name: 'server', data: '\x7fELF\x02' },
        { name: 'marked', data: 'x', mode: 0o100755 },
        { name: 'page.html', data: '<p>' },
        { name: 'short', data: '#' },
      ]),
    )
    const modes = ['build.sh', 'server', 'marked', 'page.html', 'short'].map((name) =>
      (statSync(join(site.dir, name)).mode & 0o7777).toString(8),
    )
    expect(modes).toEqual(['755', '755', '755', '644', '644'])
  })

  test('is digested while it is unpacked, as if it were read again', async () => {
    using site = new Site()
    const files = await site.unpack(
      zip([
        { name: 'src/build.sh', data: '#!/bin/sh\r\n' },
        { name: 'src/marked', data: 'x', mode: 0o100755 },
        { name: 'src/large.js', data: randomBytes(1_100_000) },
        { name: 'srcs/page.html', data: '<p>' },
      ]),
    )
    expect(files.size).toBe(4)
    expect(await digestTree(site.dir, files)).toBe(await digestTree(site.dir))
    const below = filesBelow(files, 'src')
    expect([...below.keys()]).toEqual(['build.sh', 'marked', 'large.js'])
    expect(await digestTree(join(site.dir, 'src'), below)).toBe(await digestTree(join(site.dir, 'src')))
  })

  test('never carries set-user-id bits', async () => {
    using site = new Site()
    await site.unpack(zip([{ name: 'su', data: 'x', mode: 0o104755 }]))
    expect(statSync(join(site.dir, 'su')).mode & 0o7777).toBe(0o755)
  })
})

describe('a name that points elsewhere is refused', () => {
  test.each([
    '../evil',
    'a/../../evil',
    'a/..',
    '..',
    './evil',
    'a/./b',
    'a//b',
    '/etc/evil',
    'C:/evil',
    'c:evil',
    '..\\evil',
    'a\\b',
    'a\0b',
    'a\nb',
    '',
    '/',
    `${'x'.repeat(300)}`,
    `${'d/'.repeat(60)}f`,
    `${`${'y'.repeat(200)}/`.repeat(6)}f`,
  ])('%j', async (name) => {
    expect((await failureOf(zip([{ name, data: 'x' }]))).fault).toBe('user')
  })
})

describe('an entry that is not a regular file is refused', () => {
  test.each<[string, ZipEntry]>([
    ['a symbolic link', { name: 'link', data: '/etc/passwd', mode: 0o120777 }],
    ['a character device', { name: 'null', mode: 0o020666 }],
    ['a block device', { name: 'sda', mode: 0o060666 }],
    ['a pipe', { name: 'pipe', mode: 0o010666 }],
    ['a socket', { name: 'socket', mode: 0o140666 }],
    ['an encrypted file', { name: 'secret', data: 'x', flags: 0x801 }],
    ['an unknown compression', { name: 'lzma', data: 'x', method: 14 }],
  ])('%s', async (_name, entry) => {
    expect((await failureOf(zip([entry]))).message).toContain(entry.name)
  })
})

describe('names that conflict on disk are refused', () => {
  test.each([
    ['the same twice', ['a.js', 'a.js']],
    ['equal but for case', ['README.md', 'readme.md']],
    ['equal but for Unicode form', ['caf\u00e9', 'cafe\u0301']],
    ['a file where a folder is', ['a/b', 'a']],
    ['a folder where a file is', ['a', 'a/b']],
    ['folders equal but for case', ['Src/a.js', 'src/b.js']],
    ['a folder entry where a file is', ['a', 'a/']],
  ])('%s', async (_name, names) => {
    expect((await failureOf(zip(names.map((name) => ({ name }))))).message).toContain(
      'cannot be unpacked beside',
    )
  })

  test('every fault of an upload is named at once', async () => {
    const bad = Array.from({ length: 30 }, (_, index) => ({
      name: `link${index}`,
      data: '/etc',
      mode: 0o120777,
    }))
    const failure = await failureOf(zip([{ name: 'a' }, { name: 'A' }, { name: 'ok' }, ...bad]))
    expect(failure.message).toContain('`A` cannot be unpacked beside `a`; `link0` is a link or device')
    expect(failure.message).toMatch(/; and 11 more\. Rename them, or exclude them in \.spaceignore\.$/)
  })

  test('a folder entry and files in it do not conflict', async () => {
    using site = new Site()
    await site.unpack(zip([{ name: 'a/' }, { name: 'a/b' }, { name: 'a/c' }]))
    expect(site.names()).toContain('a/b/c/a/b')
  })
})

describe('a bomb is refused before it is unpacked', () => {
  test('more files than allowed', async () => {
    const entries = Array.from({ length: BUILD_LIMITS.archiveEntries + 1 }, (_, index) => ({
      name: `f${index}`,
    }))
    expect((await failureOf(zip(entries))).message).toContain('more than 20000 files')
  })

  test('a compression ratio that real files do not have', async () => {
    const zeros = new Uint8Array(BUILD_LIMITS.archiveRatioFromBytes + 1)
    expect((await failureOf(zip([{ name: 'zeros', data: zeros }]))).message).toContain(
      'compressed more than 200 times',
    )
  })

  test('a size above the limit', async () => {
    const claims = { name: 'big', data: 'x', claimedBytes: BUILD_LIMITS.archiveBytes + 1 }
    expect((await failureOf(zip([claims]))).message).toContain('more than 250 MB')
  })

  test('a file that unpacks to more than it claims', async () => {
    expect((await failureOf(zip([{ name: 'liar', data: 'x'.repeat(10_000), claimedBytes: 10 }]))).fault).toBe(
      'user',
    )
  })

  test('a file that unpacks to less than it claims', async () => {
    expect((await failureOf(zip([{ name: 'liar', data: 'x', claimedBytes: 1_000 }]))).fault).toBe('user')
  })

  test('a large file that unpacks to more or less than it claims', async () => {
    const data = randomBytes(1_500_000)
    for (const claimedBytes of [1_400_000, 1_600_000, 10])
      expect((await failureOf(zip([{ name: 'liar', data, claimedBytes }]))).fault).toBe('user')
  })

  test('an empty file that is not empty', async () => {
    expect((await failureOf(zip([{ name: 'liar', data: 'x'.repeat(10_000), claimedBytes: 0 }]))).fault).toBe(
      'user',
    )
  })
})

test.each([
  ['a small file', 'hello'],
  ['a large file', `hello${'x'.repeat(1_500_000)}`],
])('content of %s that was damaged during the upload is refused', async (_name, data) => {
  const archive = zip([{ name: 'a.js', data, method: 0 }])
  const at = Buffer.from(archive).indexOf('hello')
  archive[at]! ^= 0x01
  expect((await failureOf(archive)).message).toBe(
    '`a.js` was damaged during the upload. Run again: space push',
  )
})

describe('data that is not an archive is refused', () => {
  const valid = zip([{ name: 'a', data: 'hello' }])
  test.each([
    ['nothing', new Uint8Array()],
    ['text', Buffer.from('hello')],
    ['a truncated archive', valid.slice(0, valid.length - 10)],
    ['an archive without its beginning', valid.slice(20)],
    ['100 kB of zeros', new Uint8Array(100_000)],
  ])('%s', async (_name, bytes) => {
    expect((await failureOf(bytes)).message).toContain('not a readable zip archive')
  })

  test('damage anywhere ends in a refusal or in files inside the folder', async () => {
    const archive = zip([
      { name: 'a/b.js', data: 'hello '.repeat(50) },
      { name: 'c', data: 'x', mode: 0o100644 },
    ])
    for (let at = 0; at < archive.length; at++) {
      using site = new Site()
      const damaged = Uint8Array.from(archive)
      damaged[at]! ^= 0xff
      const error = await site.unpack(damaged).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      if (error !== null) expect(error).toBeInstanceOf(BuildFailure)
      expect(site.names().filter((name) => !name.startsWith('a/b/c/'))).toEqual([])
    }
  })
})
