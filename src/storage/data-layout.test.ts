import { expect, test } from 'bun:test'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BuildId } from '../kernel/ids.ts'
import { openFolders } from './data-layout.ts'

const BUILD = 'bld_known' as BuildId
const FOLDERS = ['uploads', 'revisions', 'cache', 'logs', 'build-logs']

/** A data folder as earlier versions left it: open to be walked through. */
function openOldFolder() {
  const path = mkdtempSync(join(tmpdir(), 'folders-test-'))
  for (const dir of ['.', ...FOLDERS]) {
    mkdirSync(join(path, dir), { recursive: true })
    chmodSync(join(path, dir), 0o755)
  }
  const revision = join(path, 'revisions', BUILD, 'web')
  mkdirSync(revision, { recursive: true })
  writeFileSync(join(revision, 'index.js'), 'the code')
  return { path, code: join(revision, 'index.js'), [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

/** What another user of the machine reads there. */
function readAsAnother(path: string): string {
  const another = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
  return Bun.spawnSync([...another, 'cat', path], { stderr: 'ignore' }).stdout.toString()
}

test('folders that were left open are closed', () => {
  using old = openOldFolder()
  openFolders(old.path)
  expect(FOLDERS.map((name) => statSync(join(old.path, name)).mode & 0o777)).toEqual(FOLDERS.map(() => 0o700))
})

test.skipIf(process.getuid!() !== 0)('another user who knows the id of a build cannot read its code', () => {
  using old = openOldFolder()
  expect(readAsAnother(old.code)).toBe('the code')
  const folders = openFolders(old.path)
  expect(readAsAnother(join(folders.revision(BUILD), 'web/index.js'))).toBe('')
})

test('where micros must walk to their revision, the rest is closed all the same', () => {
  using old = openOldFolder()
  openFolders(old.path, { walkable: true })
  const modes = FOLDERS.map((name) => (statSync(join(old.path, name)).mode & 0o777).toString(8))
  expect(modes).toEqual(['700', '711', '711', '700', '700'])
})
