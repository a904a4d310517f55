import { Database } from 'bun:sqlite'
import { afterAll, describe, expect, test } from 'bun:test'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DataFolderError, openDataFolder } from './data-folder.ts'
import { isFullDisk } from './full-disk.ts'

const base = mkdtempSync(join(tmpdir(), 'ownspace-folder-'))
afterAll(() => rmSync(base, { recursive: true }))

describe('the lock', () => {
  const folderOf = (name: string) => {
    const path = join(base, name)
    return { path, open: () => openDataFolder(path, join(path, 'run')) }
  }

  test('refuses a second server and names the first', () => {
    const { open } = folderOf('shared')
    using _ = open()
    expect(open).toThrow(`Another Ownspace (process ${process.pid}) is running`)
  })

  test('that a power cut has filled with zeros is still taken, and holds', () => {
    const { path, open } = folderOf('zeros')
    mkdirSync(path)
    writeFileSync(join(path, 'lock'), new Uint8Array(8_192))
    using _ = open()
    expect(open).toThrow('Another Ownspace')
  })

  test('that cannot be opened is not blamed on another server', () => {
    const { path, open } = folderOf('no-lock')
    mkdirSync(join(path, 'lock'), { recursive: true })
    expect(open).toThrow(/lock file .* cannot be used/)
  })
})

describe.skipIf(!canMount())('on a full disk', () => {
  const disk = join(base, 'disk')
  const filler = join(disk, 'filler')
  const mounted = () => {
    mkdirSync(disk, { recursive: true })
    run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'ownspace-test', disk)
    return { [Symbol.dispose]: () => run('umount', '--lazy', disk) }
  }
  const fill = () => {
    const { bavail, bsize } = statfsSync(disk)
    writeFileSync(filler, new Uint8Array(bavail * bsize))
  }

  test('the lock is taken without its number, and still refuses a second server', () => {
    using _ = mounted()
    const open = () => openDataFolder(join(disk, 'data'), join(disk, 'data/run'))
    open()[Symbol.dispose]()
    fill()
    using _folder = open()
    expect(open).toThrow('Another Ownspace')
  })

  test('what SQLite cannot write there is known to be for want of space', () => {
    using _ = mounted()
    fill()
    using database = new Database(join(disk, 'new.db'), { create: true })
    const write = () => {
      database.run('pragma journal_mode = wal')
      database.run('create table t (a)')
    }
    expect(errorOf(write)).toSatisfy((error) => isFullDisk(error, disk))
  })

  test('an error of SQLite on a disk with space is not', () => {
    using _ = mounted()
    expect(isFullDisk(Object.assign(new Error('x'), { code: 'SQLITE_IOERR_READ' }), disk)).toBe(false)
  })
})

describe('a run folder elsewhere', () => {
  const open = (runDir: string) => openDataFolder(join(base, 'data'), runDir)

  test('is made for this user alone', () => {
    using folder = open(join(base, 'run'))
    expect(folder.path).toBe(join(base, 'data'))
  })

  test('is taken again after a crash', () => {
    using _ = open(join(base, 'run'))
  })

  test('that other users may enter is closed to them', () => {
    const open777 = join(base, 'open')
    mkdirSync(open777)
    chmodSync(open777, 0o777)
    using _ = open(open777)
    expect(statSync(open777).mode & 0o777).toBe(0o700)
  })

  test.if(process.getuid!() === 0)('that belongs to another user is refused', () => {
    mkdirSync(join(base, 'theirs'), { mode: 0o700 })
    chownSync(join(base, 'theirs'), 12_345, 12_345)
    expect(() => open(join(base, 'theirs'))).toThrow('belongs to another user')
  })

  test('that is a link to another place is refused', () => {
    mkdirSync(join(base, 'private'), { mode: 0o700 })
    symlinkSync('private', join(base, 'link'))
    expect(() => open(join(base, 'link'))).toThrow(DataFolderError)
  })
})

function run(...command: string[]): boolean {
  return Bun.spawnSync(command).success
}

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-mount-'))
  const can = run('mount', '-t', 'tmpfs', 'ownspace-test', folder) && run('umount', folder)
  rmSync(folder, { recursive: true })
  if (!can) console.warn('SKIPPED: tests of a full disk, which take a mount (run them as root)')
  return can
}

function errorOf(action: () => void): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  return null
}
