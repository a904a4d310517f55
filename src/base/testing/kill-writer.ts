/**
 * The process that killed.test.ts kills: writers that count up, each in five documents at once, and print what was
 * acknowledged. Arguments: folder, number of writers.
 */
import { writeSync } from 'node:fs'
import { silentLogger } from '../../kernel/log.ts'
import type { JsonObject } from '../items/json.ts'
import { storedItem } from '../items/item.ts'
import { DEFAULT_BASE_LIMITS, SqliteStore } from '../index.ts'

const [folder = '', writers = '0'] = process.argv.slice(2)
// A small log, so that it is copied into the database often.
const store = new SqliteStore({ folder, log: silentLogger, logBytes: 200_000 })

async function count(writer: number): Promise<never> {
  const last = await store.read('c0', (documents) => documents?.get('b', keyOf(writer, 0)) ?? null)
  for (let n = last === null ? 1 : (JSON.parse(last) as { n: number }).n + 1; ; n += 1) {
    const items = [0, 1, 2, 3, 4].map((part) => storedItem(itemOf(writer, part, n), DEFAULT_BASE_LIMITS))
    await store.write('c0', (documents) => documents.put('b', items))
    writeSync(1, `${writer} ${n}\n`)
  }
}

const keyOf = (writer: number, part: number) => `w${writer}-${part}`
const itemOf = (writer: number, part: number, n: number): JsonObject => ({
  key: keyOf(writer, part),
  n,
  text: String(n).repeat(50),
})

await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => count(writer)))
