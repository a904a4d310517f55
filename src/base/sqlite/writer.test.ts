import { Database } from 'bun:sqlite'
import { describe, expect, test } from 'bun:test'
import { BaseFault, invalid } from '../fault.ts'
import { Writer } from './writer.ts'

function openWriter(sync: () => Promise<void>) {
  const database = new Database(':memory:')
  database.run('create table t (n integer)')
  const writer = new Writer({ database, sync, onBegin: () => {}, onCommit: () => {} })
  const add = (n: number) => writer.run(() => database.run('insert into t values (?)', [n]).changes)
  const all = () => database.query('select n from t order by n').values().flat()
  return { writer, add, all }
}

const many = (count: number) => Array.from({ length: count }, (_, at) => at)

describe('group commit', () => {
  test('writes that come together share a sync', async () => {
    let syncs = 0
    const { add, all } = openWriter(async () => void (syncs += 1))
    await Promise.all(many(200).map(add))
    expect(syncs).toBeLessThan(20)
    expect(all()).toEqual(many(200))
  })

  test('a write is answered after the disk has it', async () => {
    const disk = Promise.withResolvers<void>()
    const { writer, add, all } = openWriter(() => disk.promise)
    let isAnswered = false
    const answer = add(1).then(() => (isAnswered = true))
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    expect(all()).toEqual([1])
    expect(isAnswered).toBe(false)
    const settled = writer.settled()
    expect(settled).not.toBeNull()
    disk.resolve()
    await settled
    await answer
    expect(writer.settled()).toBeNull()
  })

  test('a write that is refused does not undo the others', async () => {
    const { writer, add, all } = openWriter(async () => {})
    const refused = writer.run(() => {
      throw invalid('no')
    })
    const results = await Promise.allSettled([add(1), refused, add(2)])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(all()).toEqual([1, 2])
  })

  test('a fault of the database undoes the transaction, and the next one is fine', async () => {
    const { writer, add, all } = openWriter(async () => {})
    const broken = writer.run(() => {
      throw new Error('broken')
    })
    const results = await Promise.allSettled([add(1), broken])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await add(2)
    expect(all()).toEqual([2])
  })

  test('of writes that do not fit together, those that fit alone are stored', async () => {
    const { writer, add, all } = openWriter(async () => {})
    const large = writer.run(() => {
      throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' })
    })
    const results = await Promise.allSettled([add(1), large, add(2)])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(all()).toEqual([1, 2])
  })

  test('nothing runs beside an exclusive task', async () => {
    const { writer, add } = openWriter(async () => {})
    const order: string[] = []
    const task = writer.exclusively(async () => {
      order.push('begins')
      await new Promise(setImmediate)
      order.push('ends')
    })
    const write = add(1).then(() => order.push('write'))
    await Promise.all([task, write])
    expect(order).toEqual(['begins', 'ends', 'write'])
  })
})

test('after a failed sync no write succeeds again, though the disk would say so', async () => {
  let failures = 1
  const { writer, add } = openWriter(async () => {
    if (failures-- > 0) throw Object.assign(new Error('i/o error'), { code: 'EIO' })
  })
  const first = await Promise.allSettled([add(1), add(2)])
  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  for (const n of [3, 4]) {
    const error = await add(n).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(BaseFault)
    expect((error as BaseFault).status).toBe(503)
  }
  expect(writer.isBroken).toBe(true)
})
