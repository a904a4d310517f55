/** Any query and any update, also senseless ones: the answer is a result or an error of the client's, never a fault of ours. */
import { expect, setDefaultTimeout, test } from 'bun:test'
import { randomValue } from './testing/random-call.ts'
import { type Random, createRandom } from './testing/random.ts'
import { openTestBase } from './testing/test-base.ts'

setDefaultTimeout(3_600_000)

const CALLS = Number(process.env.OWNSPACE_BASE_FUZZ_CALLS ?? 1_000)
const SEED = Number(process.env.OWNSPACE_BASE_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))

const PIECES = [
  'key',
  'a',
  '.',
  '?',
  'gt',
  'lt',
  'pfx',
  'r',
  'contains',
  'ne',
  '"',
  "'",
  '$',
  '[',
  ']',
  '\\',
  '\0',
  '💾',
  '\ud800',
  '-- ',
  ';',
  '(',
  '__proto__',
  ' ',
  '\u2028',
  '%',
  '!contains',
]

const randomText = (random: Random): string =>
  Array.from({ length: random.int(6) }, () => random.pick(PIECES)).join('')

function randomBody(random: Random, depth: number): unknown {
  if (depth === 0 || random.chance(0.3))
    return random.chance(0.5) ? randomValue(random, 2) : randomText(random)
  if (random.chance(0.4)) return Array.from({ length: random.int(4) }, () => randomBody(random, depth - 1))
  return Object.fromEntries(
    Array.from({ length: random.int(4) }, () => [randomText(random), randomBody(random, depth - 1)]),
  )
}

test(`no call fails by itself (seed ${SEED})`, async () => {
  await using base = await openTestBase()
  const random = createRandom(SEED)
  await base.call('PUT', '/items', {
    items: [
      { key: 'a', a: { a: 1 } },
      { key: 'b', a: ['x', '💾'] },
    ],
  })
  for (let at = 0; at < CALLS; at += 1) {
    const part = () => randomBody(random, 2)
    const [method, path, body] = random.pick([
      ['POST', '/query', { query: randomBody(random, 3), limit: random.pick([1, 2, null, undefined]) }],
      ['POST', '/query', { query: [Object.fromEntries([[randomText(random), part()]])] }],
      [
        'PATCH',
        '/items/a',
        Object.fromEntries([[random.pick(['set', 'increment', 'append', 'prepend', 'delete']), part()]]),
      ],
      ['PATCH', '/items/a', { set: part(), delete: part() }],
      ['PUT', '/items', { items: part() }],
      ['POST', '/items', { item: part() }],
    ] as const)
    const answer = await base.call(method, path, body)
    expect(answer.status, `seed ${SEED}, call ${at}: ${method} ${path} ${JSON.stringify(body)}`).toBeLessThan(
      500,
    )
  }
})
