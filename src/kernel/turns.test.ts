import { expect, test } from 'bun:test'
import { Turns } from './turns.ts'

test('in each round, one slice of each collection runs', async () => {
  const turns = new Turns()
  const order: string[] = []
  const slice = (collection: string) => turns.next(collection).then(() => void order.push(collection))
  const many = Array.from({ length: 3 }, () => slice('a'))
  await Promise.all([...many, slice('b'), slice('c')])
  expect(order).toEqual(['a', 'b', 'c', 'a', 'a'])
})

test('other events come between two rounds', async () => {
  const turns = new Turns()
  const order: string[] = []
  const many = Array.from({ length: 3 }, () => turns.next('a').then(() => void order.push('a')))
  setImmediate(() => order.push('event'))
  await Promise.all(many)
  expect(order).toEqual(['a', 'event', 'a', 'a'])
})

test('a collection is taken while slices of it wait', async () => {
  const turns = new Turns()
  const [first, second] = [turns.next('a'), turns.next('a')]
  await first
  expect([turns.isTaken('a'), turns.isTaken('b')]).toEqual([true, false])
  await second
  expect(turns.isTaken('a')).toBe(false)
})
