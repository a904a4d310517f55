import { expect, test } from 'bun:test'
import { Database } from 'bun:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copySqlite } from './copy.ts'

function folder() {
  const dir = mkdtempSync(join(tmpdir(), 'ownspace-copy-'))
  return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true }) }
}

test('a copy is of one moment, while others write', async () => {
  using at = folder()
  const [path, target] = [join(at.dir, 'one.db'), join(at.dir, 'two.db')]
  using source = new Database(path)
  source.run('pragma journal_mode = wal')
  source.run('create table t (n integer, twin integer)')
  const add = source.query('insert into t values (?1, ?1)')
  for (let n = 0; n < 1000; n += 1) add.run(n)
  const copied = copySqlite(path, target)
  for (let n = 1000; n < 1500; n += 1) {
    add.run(n)
    await new Promise(setImmediate)
  }
  await copied
  using copy = new Database(target)
  const { count, most } = copy.query('select count(*) as count, max(n) + 1 as most from t').get() as {
    count: number
    most: number
  }
  expect(count).toBeGreaterThanOrEqual(1000)
  expect(most).toBe(count)
})

test('what is not there, and what is no database, is said', async () => {
  using at = folder()
  await expect(copySqlite(join(at.dir, 'none.db'), join(at.dir, 'copy.db'))).rejects.toThrow(
    /none\.db could not be copied: unable to open/,
  )
  await Bun.write(join(at.dir, 'text.db'), 'x'.repeat(5000))
  await expect(copySqlite(join(at.dir, 'text.db'), join(at.dir, 'copy.db'))).rejects.toThrow(/not a database/)
})
