import { expect, test } from 'bun:test'
import { seededRandom } from '../../src/wire/testing/random.ts'
import { randomAnswer } from './answer-grammar.ts'
import { misreading, NEXT_BODY, type ReadAnswer } from './answer-reading.ts'
import { startAnswerStage } from './answer-stage.ts'
import { answerCorpus } from './corpus.ts'

/** Short; `bench/fuzz-wire.ts` is the long form. */
const RUNS = 300

test.skipIf(Bun.which('node') === null || Bun.which('nginx') === null)(
  'no answer of an app is read differently behind us, by Node or by nginx, nor mixed up with the next one',
  async () => {
    await using stage = await startAnswerStage()
    const found: string[] = []
    for (const [name, answer] of answerCorpus()) {
      const why = await stage.misreading(answer)
      if (why !== null) found.push(`${name}: ${why}`)
    }
    for (let seed = 0; seed < RUNS; seed++) {
      const why = await stage.misreading(randomAnswer(seededRandom(seed)))
      if (why !== null) found.push(`seed ${seed}: ${why}`)
    }
    expect(found).toEqual([])
  },
  60_000,
)

const whole = (status: number, body: string): ReadAnswer => ({
  status,
  reason: '',
  fields: [],
  body,
  isWhole: true,
})
const NEXT = whole(200, NEXT_BODY)
const read = (answers: ReadAnswer[], isRefused = false) => ({ answers, isRefused })

test.each([
  ['another body', read([whole(200, 'a'), NEXT]), read([whole(200, 'b')])],
  ['another status', read([whole(200, 'a'), NEXT]), read([whole(201, 'a')])],
  ['a field more', read([{ ...whole(200, 'a'), fields: ['x-a: 1'] }, NEXT]), read([whole(200, 'a')])],
  ['an interim answer less', read([whole(200, 'a'), NEXT]), read([whole(103, ''), whole(200, 'a')])],
  [
    'a whole one of what was cut',
    read([whole(200, 'a'), NEXT]),
    read([{ ...whole(200, 'a'), isWhole: false }]),
  ],
  [
    'what was left of it as the next',
    read([whole(200, 'a'), whole(200, 'smuggled')]),
    read([whole(200, 'a')]),
  ],
  ['two of one', read([whole(200, 'a'), NEXT, NEXT]), read([whole(200, 'a')])],
  ['none of one', read([]), read([whole(200, 'a')])],
  ['an error of one', read([whole(502, ''), NEXT]), read([whole(200, 'a')])],
])('an answer of which we make %s is noticed', (_name, passed, direct) => {
  expect(misreading(passed, direct, true)).not.toBeNull()
})

test('an error of ours is no harm where the answer was not sound, nor is what its reader would have refused', () => {
  expect(misreading(read([whole(502, ''), NEXT]), read([whole(200, 'a')]), false)).toBeNull()
  expect(misreading(read([]), read([whole(200, 'a')]), false)).toBeNull()
  expect(misreading(read([whole(200, 'a'), NEXT]), read([], true), false)).toBeNull()
})
