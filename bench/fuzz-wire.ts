/**
 * Reads random connections, most of them poisoned, with our parser, with Node's (llhttp, strict) and with nginx, and
 * reports every one that two of them read differently in a way that matters.
 *
 *     bun bench/fuzz-wire.ts [--runs=20000] [--seed=1]
 *
 * A seed that is reported can be run alone: --runs=1 --seed=N.
 */
import { parseArgs } from 'node:util'
import { randomConnection } from '../src/wire/testing/message-grammar.ts'
import { seededRandom } from '../src/wire/testing/random.ts'
import { readByUs, startNginxReader, startNodeReader } from './wire/readers.ts'
import { disagreement } from './wire/reading.ts'

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
})
const first = Number(values.seed)
const runs = Number(values.runs)

await using node = await startNodeReader()
await using nginx = await startNginxReader()
let accepted = 0
let found = 0
for (let seed = first; seed < first + runs; seed++) {
  const octets = Buffer.from(randomConnection(seededRandom(seed)), 'latin1')
  const ours = readByUs(octets)
  accepted += ours.requests.length
  for (const reader of [node, nginx]) {
    if (disagreement(ours, await reader.read(octets)) === null) continue
    // Once more: on a busy machine an answer may just have come too late.
    const why = disagreement(ours, await reader.read(octets))
    if (why === null) continue
    found++
    console.log(`seed ${seed}, ${reader.name}: ${why}\n  ${JSON.stringify(octets.toString('latin1'))}`)
  }
}
console.log(`${runs} connections, ${accepted} requests accepted by us, ${found} disagreements`)
process.exitCode = found === 0 ? 0 : 1
