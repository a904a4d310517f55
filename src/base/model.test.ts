/**
 * Random calls against a plain model in memory: after each one, both give the same answer. The seed is printed when they
 * differ. `OWNSPACE_BASE_MODEL_CALLS` makes it longer, `OWNSPACE_BASE_MODEL_SEED` repeats a run.
 */
import { expect, setDefaultTimeout, test } from 'bun:test'
import { canonical } from './items/canonical.ts'
import type { Json } from './items/json.ts'
import { ModelBase } from './testing/model-base.ts'
import { randomCall } from './testing/random-call.ts'
import { createRandom } from './testing/random.ts'
import { openTestBase } from './testing/test-base.ts'

setDefaultTimeout(3_600_000)

const CALLS = Number(process.env.OWNSPACE_BASE_MODEL_CALLS ?? 1_500)
const SEED = Number(process.env.OWNSPACE_BASE_MODEL_SEED ?? Math.floor(Math.random() * 2 ** 31))
/** With indexes made for almost every query, and pages cut short. */
const EAGER = { most: 16, unusedMs: 3_600_000, slowDocuments: 1, verySlowDocuments: 60, lookEvery: 1 }

test.each([
  ['without indexes', {}],
  ['with indexes', { indexLimits: EAGER }],
])(`%s, the answers are those of the model (seed ${SEED})`, async (_, options) => {
  await using base = await openTestBase(options)
  const model = new ModelBase(() => base.clock.now)
  const random = createRandom(SEED)
  for (let at = 0; at < CALLS; at += 1) {
    const { method, path, body } = randomCall(random, () => base.clock.now)
    if (random.chance(0.02)) base.clock.now += 10_000
    if (random.chance(0.01)) await base.service.close('c0')
    const expected = model.call(method, path, body)
    const found = await base.call(method, path, body)
    const about = `seed ${SEED}, call ${at}: ${method} ${path} ${JSON.stringify(body)}`
    // PostgreSQL orders members in its own way.
    expect(textOf(found.body), about).toBe(textOf(expected.body))
    expect(found.status, about).toBe(expected.status)
  }
})

/** Of errors, the status says enough. */
function textOf(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'errors' in body) return 'errors'
  return JSON.stringify(canonical(body as Json))
}
