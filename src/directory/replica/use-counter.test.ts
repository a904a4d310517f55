import { expect, test } from 'bun:test'
import { UseCounter } from './use-counter.ts'

test('uses of one thing are one count, with the time of the last', () => {
  const counter = new UseCounter()
  const use = { kind: 'key', instanceId: 'one', id: 'key_a' } as const
  counter.note(use, 1)
  counter.note(use, 5)
  counter.note({ ...use, instanceId: 'two' }, 7)
  expect(counter.take()).toEqual([
    { ...use, count: 2, lastAtMs: 5 },
    { ...use, instanceId: 'two', count: 1, lastAtMs: 7 },
  ])
  expect(counter.take()).toEqual([])
})

test('uses that take turns are counted apart', () => {
  const counter = new UseCounter()
  for (const id of ['a', 'b', 'a', 'a', 'b']) counter.note({ kind: 'session', instanceId: 'one', id }, 1)
  counter.note({ kind: 'key', instanceId: 'one', id: 'b' }, 1)
  expect(counter.take().map(({ kind, id, count }) => `${kind} ${id} ${count}`)).toEqual([
    'session a 3',
    'session b 2',
    'key b 1',
  ])
})

test('what is counted between two reports is bounded', () => {
  const counter = new UseCounter()
  for (let i = 0; i < 20_000; i++) counter.note({ kind: 'rule', instanceId: 'one', id: `web /${i}` }, i)
  expect(counter.take().length).toBe(10_000)
})
