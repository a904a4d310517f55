import { afterAll, describe, expect, test } from 'bun:test'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DataFolderError, openDataFolder } from './data-folder.ts'

const base = mkdtempSync(join(tmpdir(), 'ownspace-folder-'))
afterAll(() => rmSync(base, { recursive: true }))

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

  test.if(process.getuid!() === 0)('that belongs to somebody else is refused', () => {
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
