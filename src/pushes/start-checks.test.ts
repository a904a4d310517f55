import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { inCommit } from '../directory-sync/testing/in-commit.ts'
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deleteApp, pruneBuilds } from './retention.ts'
import { listCollections } from '../collections/index.ts'
import type { CollectionId } from '../kernel/ids.ts'
import { deleteInstance, listInstances } from '../instances/index.ts'
import { type TestSpace, openTestSpace } from './testing/test-services.ts'

let space: TestSpace
beforeEach(async () => {
  space = await openTestSpace()
})
afterEach(() => space[Symbol.asyncDispose]())

const push = async (tag: string) => {
  const build = await space.push(tag)
  await space.outcome(build)
  return build
}

/** Below the one folder of this start. */
const setAside = () => {
  const { setAside } = space.folders
  const [start, ...others] = readdirSync(setAside)
  expect(others).toEqual([])
  return readdirSync(join(setAside, start!), { recursive: true }).sort()
}

describe('what the database does not know is set aside and said', () => {
  test('revisions, uploads and logs of a newer database', async () => {
    const { id } = await push('one')
    const { revisions, uploads, logs } = space.folders
    mkdirSync(join(revisions, 'bld_newer'))
    writeFileSync(join(revisions, 'bld_newer', 'index.js'), 'all there is')
    mkdirSync(join(revisions, 'bld_other.building'))
    mkdirSync(join(uploads, 'bld_newer'))
    writeFileSync(join(logs, 'bld_newer.log'), 'log')
    await space.crash()
    expect(setAside()).toEqual([
      'build-logs',
      'build-logs/bld_newer.log',
      'revisions',
      'revisions/bld_newer',
      'revisions/bld_newer/index.js',
      'revisions/bld_other.building',
      'uploads',
      'uploads/bld_newer',
    ])
    expect([readdirSync(revisions), readdirSync(uploads)]).toEqual([[id], [id]])
    expect(space.services.notices).toEqual([expect.stringContaining(`moved to ${space.folders.setAside}/`)])
  })

  test('once: the next start finds nothing', async () => {
    mkdirSync(join(space.folders.revisions, 'bld_newer'))
    await space.crash()
    await space.crash()
    expect(setAside()).toContain('revisions/bld_newer')
    expect(space.services.notices).toEqual([])
  })
})

test('the files of a collection are kept, those of a deleted one are left to be erased, others moved', async () => {
  await push('one')
  const [collection] = await listCollections(space.db, space.owner)
  const deleted = 'deleted0' as CollectionId
  await space.db.insertInto('collection_erasures').values({ id: deleted }).execute()
  for (const name of [collection!.id, deleted, 'unknown0']) mkdirSync(join(space.folders.collections, name))
  await space.crash()
  expect(readdirSync(space.folders.collections).toSorted()).toEqual([collection!.id, deleted].toSorted())
  expect(setAside()).toContain('collections/unknown0')
  await space.services.collections.eraseRecorded()
  expect(readdirSync(space.folders.collections)).toEqual([collection!.id])
})

describe('what this database made and deleted is erased', () => {
  const putBack = (build: string) => {
    mkdirSync(join(space.folders.revisions, build), { recursive: true })
    mkdirSync(join(space.folders.uploads, build), { recursive: true })
    writeFileSync(join(space.folders.logs, `${build}.log`), '')
  }
  const isThere = (build: string) =>
    existsSync(space.folders.revision(build as never)) ||
    existsSync(space.folders.upload(build as never)) ||
    existsSync(join(space.folders.logs, `${build}.log`))

  test('after a crash between its rows and its files', async () => {
    const { id } = await push('one')
    for (const instance of await listInstances(space.db, space.owner))
      await inCommit(space.db, deleteInstance, instance, { keepsData: false })
    await inCommit(space.db, deleteApp, space.app.id, { keepsData: false })
    await space.crash()
    expect(isThere(id)).toBe(false)
    expect(existsSync(space.folders.setAside)).toBe(false)
  })

  test('after a power cut that brought its files back', async () => {
    const first = await push('one')
    for (let at = 0; at < 11; at++) await push(`more-${at}`)
    await pruneBuilds(space.db, space.app.id)
    putBack(first.id)
    await space.crash()
    expect(isThere(first.id)).toBe(false)
  })

  test('an upload that was cut short', async () => {
    writeFileSync(join(space.folders.uploads, 'incoming-1'), '')
    await space.crash()
    expect(readdirSync(space.folders.uploads)).toEqual([])
  })
})

describe('a restored copy', () => {
  test('whose modes are those of a strict umask is readable for micros again', async () => {
    const { id } = await push('one')
    const dir = space.folders.revision(id)
    writeFileSync(join(dir, 'web/index.js'), 'x', { mode: 0o644 })
    copyFileSync('/usr/bin/true', join(dir, 'web/program'))
    await Bun.$`chmod -R 0700 ${dir} && chmod 0600 ${dir}/web/index.js && chmod 0300 ${dir}/web`.quiet()
    await space.crash()
    const modes = ['.', 'web', 'web/index.js', 'web/program', 'api'].map(
      (path) => statSync(join(dir, path)).mode & 0o777,
    )
    expect(modes).toEqual([0o755, 0o755, 0o644, 0o755, 0o755])
  })

  test('without a revision that serves says which', async () => {
    const { id } = await push('one')
    rmSync(space.folders.revision(id), { recursive: true })
    await space.crash()
    expect(space.services.notices).toEqual([
      `Revision one of notes is missing (${space.folders.revision(id)}). Restore it from a backup, or run in the app's folder: space push`,
    ])
  })
})
