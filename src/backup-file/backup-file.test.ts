import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canMount, openSmallDisk } from '../disk/testing/small-disk.ts'
import { type WriteEntry, toStream, writeZip } from '../zip/index.ts'
import { type BackupEntry, BackupRefused, restoreBackup, seal, verifyBackup, writeBackup } from './index.ts'

let base: string
let plain: string
let sealed: string
const PASSPHRASE = 'correct horse'
/** The real cost of a guess takes a second of each test. */
const CHEAP = { logN: 10, r: 8, p: 1 }
const INFO = { server: '1.2.3', createdAt: '2026-11-28T12:00:00.000Z' }

async function* bytes(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content)
}

const entry = (path: string, content: string | Uint8Array, mode = 0o100600): BackupEntry => ({
  path,
  mode,
  isCompressed: !path.endsWith('.bin'),
  content: bytes(content),
})

const LARGE = crypto.getRandomValues(new Uint8Array(200_000))

async function* files(): AsyncGenerator<BackupEntry> {
  yield entry('ownspace.db', 'the database')
  yield entry('revisions/', '', 0o040555)
  yield entry('revisions/bld_1/run.sh', '#!/bin/sh', 0o100755)
  yield entry('revisions/bld_1/link', '../elsewhere', 0o120777)
  yield entry('uploads/', '', 0o040700)
  yield entry('collections/a/large.bin', LARGE)
}

async function save(name: string, source: AsyncIterable<Uint8Array>): Promise<string> {
  const path = join(base, name)
  await Bun.write(path, await new Response(toStream(source)).bytes())
  return path
}

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'ownspace-backup-file-'))
  plain = await save('plain.zip', writeBackup(files(), INFO))
  sealed = await save('sealed', seal(writeBackup(files(), INFO), PASSPHRASE, CHEAP))
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

const folder = (name: string) => join(base, name)
const restore = (path: string, to: string, passphrase: string | null = null) =>
  restoreBackup(path, { folder: folder(to), passphrase })

describe.each([
  ['plain', null],
  ['sealed', PASSPHRASE],
] as const)('%s', (name, passphrase) => {
  const archive = () => (passphrase === null ? plain : sealed)

  test('is verified', async () => {
    expect(await verifyBackup(archive(), passphrase)).toEqual({ ...INFO, entries: 6, bytes: 200_033 })
  })

  test('restores files, modes, links and empty folders', async () => {
    const to = `restored-${name}`
    await restore(archive(), to, passphrase)
    const at = (path: string) => join(folder(to), path)
    expect(readFileSync(at('ownspace.db'), 'utf8')).toBe('the database')
    expect(Buffer.from(LARGE).equals(readFileSync(at('collections/a/large.bin')))).toBe(true)
    expect(statSync(at('revisions/bld_1/run.sh')).mode & 0o777).toBe(0o755)
    expect(statSync(at('revisions')).mode & 0o777).toBe(0o555)
    expect(readlinkSync(at('revisions/bld_1/link'))).toBe('../elsewhere')
    expect(readdirSync(folder(to)).toSorted()).toEqual(['collections', 'ownspace.db', 'revisions', 'uploads'])
    expect(readdirSync(at('uploads'))).toEqual([])
  })

  test('is refused when it was cut short, and nothing is in the folder', async () => {
    const cut = folder(`cut-${name}`)
    writeFileSync(cut, readFileSync(archive()))
    const { size } = statSync(cut)
    for (const left of [size - 1, size - 65_552, 70_000, 65_588, 100, 36, 20, 0]) {
      truncateSync(cut, left)
      const to = `from-cut-${name}`
      await expect(restore(cut, to, passphrase)).rejects.toBeInstanceOf(BackupRefused)
      expect(readdirSync(folder(to))).toEqual([])
    }
  })

  test('is refused when any byte was changed', async () => {
    const original = readFileSync(archive())
    const changed = folder(`changed-${name}`)
    // Some bytes of a zip say nothing; a sealed archive has none of these.
    const anywhere = [0, 20, 40, 200, original.length - 400, original.length - 1]
    const places = [5_000, 66_000, 100_000, ...(passphrase === null ? [] : anywhere)]
    for (const at of places) {
      const copy = Buffer.from(original)
      copy[at]! ^= 0x20
      writeFileSync(changed, copy)
      const failure = await restore(changed, `from-changed-${name}`, passphrase).catch(
        (error: unknown) => error,
      )
      expect([at, failure instanceof BackupRefused]).toEqual([at, true])
      expect(readdirSync(folder(`from-changed-${name}`))).toEqual([])
    }
  })
})

describe('a sealed archive', () => {
  test('shows nothing of its content', () => {
    expect(readFileSync(sealed).includes('database')).toBe(false)
  })

  test.each([
    [null, '--passphrase-file'],
    ['another one', 'passphrase is wrong'],
  ])('is refused with the passphrase %p', async (passphrase, message) => {
    await expect(verifyBackup(sealed, passphrase)).rejects.toThrow(message)
  })

  test('is refused when chunks were exchanged', async () => {
    const copy = readFileSync(sealed)
    const chunk = 65_552
    const first = Buffer.from(copy.subarray(36 + chunk, 36 + 2 * chunk))
    copy.copy(copy, 36 + chunk, 36 + 2 * chunk, 36 + 3 * chunk)
    first.copy(copy, 36 + 2 * chunk)
    writeFileSync(folder('exchanged'), copy)
    await expect(verifyBackup(folder('exchanged'), PASSPHRASE)).rejects.toBeInstanceOf(BackupRefused)
  })

  test('does not make a reader use much memory before its passphrase is known to be right', async () => {
    const copy = readFileSync(sealed)
    copy[16] = 40
    writeFileSync(folder('costly'), copy)
    await expect(verifyBackup(folder('costly'), PASSPHRASE)).rejects.toThrow('header cannot be read')
  })

  test.each([0, 1, 65_535, 65_536, 65_537, 131_072])('is opened with %p bytes', async (size) => {
    async function* one() {
      yield entry('logs/a.bin', new Uint8Array(size))
    }
    const path = await save(`of-${size}`, seal(writeBackup(one(), INFO), PASSPHRASE, CHEAP))
    expect(await verifyBackup(path, PASSPHRASE)).toMatchObject({ entries: 1, bytes: size })
  })
})

describe('a hostile archive writes nothing outside of its folder', () => {
  const hostile: [string, BackupEntry[]][] = [
    ['a path upwards', [entry('../evil', 'x')]],
    ['a path upwards below a known name', [entry('revisions/../../evil', 'x')]],
    ['an absolute path', [entry('/tmp/evil', 'x')]],
    ['a name that no data folder has', [entry('evil', 'x')]],
    ['a device', [entry('logs/null', 'x', 0o020666)]],
    ['a file through a link', [entry('logs/a', '/tmp', 0o120777), entry('logs/a/evil', 'x')]],
    ['the same file twice', [entry('logs/a', 'x'), entry('logs/a', 'y')]],
    ['a link in place of a folder', [entry('logs/a/b', 'x'), entry('logs/a', '/tmp', 0o120777)]],
    ['a long link', [entry('logs/a', 'x'.repeat(100_000), 0o120777)]],
  ]
  test.each(hostile)('%s', async (name, entries) => {
    async function* all() {
      yield* entries
    }
    const path = await save('hostile.zip', writeBackup(all(), INFO))
    const to = `hostile-${name.replaceAll(' ', '-')}`
    expect(await restore(path, to).catch((error: unknown) => error)).toBeInstanceOf(Error)
    expect(readdirSync(folder(to))).toEqual([])
    expect(existsSync(folder('evil'))).toBe(false)
    expect(existsSync('/tmp/evil')).toBe(false)
  })

  test('a zip archive of something else', async () => {
    async function* other(): AsyncGenerator<WriteEntry> {
      yield { name: 'bases/a.json', isCompressed: true, content: bytes('[]') }
    }
    await expect(verifyBackup(await save('other.zip', writeZip(other())), null)).rejects.toThrow(
      'not a backup',
    )
  })
})

describe('a folder', () => {
  test('that is not empty is refused, and stays', async () => {
    mkdirSync(folder('used'))
    writeFileSync(join(folder('used'), 'ownspace.db'), 'mine')
    await expect(restore(plain, 'used')).rejects.toThrow('is not empty: it has ownspace.db')
    expect(readFileSync(join(folder('used'), 'ownspace.db'), 'utf8')).toBe('mine')
    expect(readdirSync(folder('used'))).toEqual(['ownspace.db'])
  })

  test('whose restoration was ended is restored', async () => {
    mkdirSync(join(folder('ended'), 'restore-draft/revisions'), { recursive: true })
    mkdirSync(join(folder('ended'), 'collections/old'), { recursive: true })
    await restore(plain, 'ended')
    expect(existsSync(join(folder('ended'), 'collections/old'))).toBe(false)
    expect(lstatSync(join(folder('ended'), 'ownspace.db')).isFile()).toBe(true)
  })

  test.skipIf(!canMount())('on a full disk stays empty', async () => {
    using disk = openSmallDisk(8)!
    async function* large() {
      yield entry('ownspace.db', 'the database')
      yield entry('logs/large.bin', new Uint8Array(20_000_000))
    }
    const path = await save('large.zip', writeBackup(large(), INFO))
    const to = join(disk.dir, 'data')
    await expect(restoreBackup(path, { folder: to, passphrase: null })).rejects.toMatchObject({
      code: 'ENOSPC',
    })
    expect(readdirSync(to)).toEqual([])
  })
})
