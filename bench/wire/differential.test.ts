import { expect, test } from 'bun:test'
import { randomConnection } from '../../src/wire/testing/message-grammar.ts'
import { seededRandom } from '../../src/wire/testing/random.ts'
import { requestCorpus } from './corpus.ts'
import { readByUs, startNginxReader, startNodeReader } from './readers.ts'
import { disagreement, type Reader } from './reading.ts'

/** Short; `bench/fuzz-wire.ts` is the long form. */
const RUNS = 200

async function disagreements(reader: Reader): Promise<string[]> {
  const found: string[] = []
  const read = async (name: string, text: string) => {
    const octets = Buffer.from(text, 'latin1')
    const why = disagreement(readByUs(octets), await reader.read(octets))
    if (why !== null) found.push(`${name}: ${why}`)
  }
  for (const [name, { octets }] of requestCorpus()) await read(name, octets)
  for (let seed = 0; seed < RUNS; seed++) await read(`seed ${seed}`, randomConnection(seededRandom(seed)))
  return found
}

test.skipIf(Bun.which('node') === null)(
  'no request that we accept is read differently by Node',
  async () => {
    await using node = await startNodeReader()
    expect(await disagreements(node)).toEqual([])
  },
  60_000,
)

test.skipIf(Bun.which('nginx') === null)(
  'no request that we accept is read differently by nginx',
  async () => {
    await using nginx = await startNginxReader()
    expect(await disagreements(nginx)).toEqual([])
  },
  60_000,
)

test('a reading that would smuggle is noticed', () => {
  const one = { method: 'GET', target: '/', body: '' }
  const two = { method: 'GET', target: '/smuggled', body: '' }
  const reading = (requests: (typeof one)[], isRejected = false) => ({ requests, isRejected })
  expect(disagreement(reading([one]), reading([one, two]))).not.toBeNull()
  expect(disagreement(reading([one, two]), reading([one]))).not.toBeNull()
  expect(disagreement(reading([one]), reading([{ ...one, body: 'x' }]))).not.toBeNull()
  expect(disagreement(reading([one], true), reading([one, two]))).toBeNull()
  expect(disagreement(reading([one, two]), reading([one], true))).toBeNull()
})
