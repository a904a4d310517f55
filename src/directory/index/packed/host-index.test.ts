import { describe, expect, test } from 'bun:test'
import { createRandom, type Random } from '../../../access/testing/random.ts'
import { HostIndex } from './host-index.ts'
import { canonicalHostName } from '../../index.ts'

/** Names that are alike, also the longest that lie in a line, longer ones, and such as no `Host` may have. */
function randomName(random: Random): string {
  const name = `${random.text(['a', 'b', 'ab', '-', '.', '1'], random.int(5))}.cloud.test`
  const longer = 'x'.repeat([0, 0, 0, 50, 51, 52, 53, 200][random.int(8)] ?? 0) + name
  return random.int(20) === 0 ? `ü${longer}` : longer
}

/** As a client may write it. */
function spelled(name: string, random: Random): string {
  const cased = random.int(3) === 0 ? name.toUpperCase() : name
  return cased + random.pick(['', '', '.', ':7070', '.:80', ':'])
}

test('after any changes it holds what a map would hold', () => {
  const random = createRandom(21)
  const index = new HostIndex<number>()
  const model = new Map<string, number>()
  for (let round = 0; round < 40_000; round++) {
    const host = spelled(randomName(random), random)
    if (random.int(3) > 0) {
      index.set(host, round)
      model.set(canonicalHostName(host), round)
    } else {
      index.delete(host)
      model.delete(canonicalHostName(host))
    }
    const asked = spelled(randomName(random), random)
    expect([asked, index.get(asked)]).toEqual([asked, model.get(canonicalHostName(asked)) ?? null])
  }
  for (const [name, value] of model) expect(index.get(name)).toBe(value)
})

test('whatever is asked, the answer is that of `canonicalHostName`', () => {
  const random = createRandom(22)
  const index = new HostIndex<string>()
  const names = ['', '.', 'a', 'a.b', '[::1]', '::1', 'a:b', '1', '1.2.3.4', 'a..', 'a]']
  for (const name of names) index.set(name, canonicalHostName(name))
  for (let round = 0; round < 50_000; round++) {
    const host = random.text(['a', 'A', 'b', '.', ':', '1', '[', ']', '::1', 'K'], random.int(6))
    const key = canonicalHostName(host)
    expect([host, index.get(host)]).toEqual([host, names.map(canonicalHostName).includes(key) ? key : null])
  }
})

describe('with as many names as a large installation has', () => {
  test('each leads to its own', () => {
    const index = new HostIndex<number>()
    for (let i = 0; i < 20_000; i++) index.set(`notes-${i}.cloud.test`, i)
    for (let i = 0; i < 20_000; i += 2) index.delete(`notes-${i}.cloud.test`)
    for (let i = 0; i < 20_000; i++)
      expect(index.get(`Notes-${i}.cloud.test:7070`)).toBe(i % 2 === 0 ? null : i)
  })
})
