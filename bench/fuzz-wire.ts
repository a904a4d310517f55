/**
 * Random messages, most of them hostile, and the parsers that read them differently than we do. Requests are read by our
 * parser, by Node's (llhttp, strict) and by nginx; answers of an app by llhttp and nginx, once as the app sends them
 * and once as the gateway passes them on.
 *
 *     bun bench/fuzz-wire.ts [--of=requests|answers] [--runs=20000] [--seed=1]
 *
 * Prints each difference, and keeps its message in `wire/corpus`, which the tests read. To run one seed alone:
 * --runs=1 --seed=N.
 */
import { parseArgs } from 'node:util'
import { randomConnection } from '../src/wire/testing/message-grammar.ts'
import { seededRandom } from '../src/wire/testing/random.ts'
import { randomAnswer } from './wire/answer-grammar.ts'
import { startAnswerStage } from './wire/answer-stage.ts'
import { keepAnswer, keepRequest } from './wire/corpus.ts'
import { readByUs, startNginxReader, startNodeReader } from './wire/readers.ts'
import { disagreement } from './wire/reading.ts'

const { values } = parseArgs({
  options: {
    of: { type: 'string' },
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
  },
})
const first = Number(values.seed)
const behindLast = first + Number(values.runs)

const found =
  (values.of === 'answers' ? 0 : await fuzzRequests()) + (values.of === 'requests' ? 0 : await fuzzAnswers())
process.exitCode = found === 0 ? 0 : 1

async function fuzzRequests(): Promise<number> {
  await using node = await startNodeReader()
  await using nginx = await startNginxReader()
  let accepted = 0
  let disagreements = 0
  for (let seed = first; seed < behindLast; seed++) {
    const text = randomConnection(seededRandom(seed))
    const octets = Buffer.from(text, 'latin1')
    const ours = readByUs(octets)
    accepted += ours.requests.length
    for (const reader of [node, nginx]) {
      const why = await surely(async () => disagreement(ours, await reader.read(octets)))
      if (why === null) continue
      disagreements++
      report(seed, `${reader.name}: ${why}`, text)
      keepRequest(`seed-${seed}`, { why, octets: text })
    }
  }
  console.log(
    `${values.runs} connections, ${accepted} requests accepted by us, ${disagreements} disagreements`,
  )
  return disagreements
}

async function fuzzAnswers(): Promise<number> {
  await using stage = await startAnswerStage()
  let misreadings = 0
  for (let seed = first; seed < behindLast; seed++) {
    const answer = randomAnswer(seededRandom(seed))
    const why = await surely(() => stage.misreading(answer))
    if (why === null) continue
    misreadings++
    report(seed, why, answer.octets)
    keepAnswer(`seed-${seed}`, { why, ...answer })
  }
  console.log(`${values.runs} answers, ${misreadings} misread`)
  return misreadings
}

/** Confirms a difference by a second run, because on a busy machine an answer may only have been late. */
async function surely(look: () => Promise<string | null>): Promise<string | null> {
  return (await look()) === null ? null : await look()
}

function report(seed: number, why: string, text: string): void {
  console.log(`seed ${seed}, ${why}\n  ${JSON.stringify(text)}`)
}
