import { expect, test } from 'bun:test'
import { createRandom } from '../../access/testing/random.ts'
import type { SessionEntry } from '../index.ts'
import { SessionStore } from './session-store.ts'
import { session } from '../testing/entries.ts'

test.each(['', 'secret of b', 'Secret of a', 'secret of a ', 'x'.repeat(100_000)])(
  'no session is found by %p',
  (token) => {
    const store = new SessionStore()
    store.put(session('a', 'one'))
    expect(store.find(token)).toBeNull()
  },
)

test('an invalid digest is refused', () => {
  const store = new SessionStore()
  for (const digest of ['', 'abc', `${session('a', '').digest}AA`])
    expect(() => store.put({ ...session('a', 'one'), digest })).toThrow('has not 32 bytes')
})

test('after any changes it holds what a map would hold', () => {
  const random = createRandom(12)
  const store = new SessionStore()
  const model = new Map<string, SessionEntry>()
  for (let round = 0; round < 30_000; round++) {
    const one = session(`s${random.int(700)}`, `inst_${random.int(20)}`, { expiresAtMs: random.int(9) })
    if (random.int(400) === 0) {
      store.deleteInstance(one.instanceId)
      for (const [id, entry] of model) if (entry.instanceId === one.instanceId) model.delete(id)
      continue
    }
    const isPut = random.int(2) === 0
    expect(isPut ? store.put(one) : store.delete(one.id)).toBe(model.get(one.id)?.instanceId ?? null)
    if (isPut) model.set(one.id, one)
    else model.delete(one.id)
  }
  const sorted = (entries: Iterable<SessionEntry>) => [...entries].sort((a, b) => a.id.localeCompare(b.id))
  expect(sorted(store.entries())).toEqual(sorted(model.values()))
  for (let i = 0; i < 700; i++) {
    const { digest: _, ...expected } = model.get(`ses_s${i}`) ?? { digest: '' }
    expect(store.find(`secret of s${i}`) ?? {}).toEqual(expected)
    expect(store.findById(`ses_s${i}`) ?? {}).toEqual(expected)
  }
})
