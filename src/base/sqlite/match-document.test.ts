import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import type { JsonObject } from '../items/json.ts'
import { storedItem } from '../items/item.ts'
import { DEFAULT_BASE_LIMITS } from '../limits.ts'
import { parseQuery } from '../query/parse-query.ts'
import { createRandom } from '../testing/random.ts'
import { randomConditions, randomItem } from '../testing/random-call.ts'
import { compileAlternatives } from './compile-condition.ts'
import { matchesDocument } from './match-document.ts'

const SEED = Math.floor(Math.random() * 2 ** 31)

test(`large documents match by the same conditions as small ones (seed ${SEED})`, () => {
  using database = new Database(':memory:')
  database.run('create table documents (value blob not null)')
  const random = createRandom(SEED)
  let matches = 0
  for (let round = 0; round < 2_000; round += 1) {
    const { text } = storedItem(randomItem(random, 0), DEFAULT_BASE_LIMITS)
    const conditions = Array.from({ length: 1 + random.int(2) }, () => randomConditions(random))
    const parsed = parsedOr(conditions)
    const compiled = parsed && compileAlternatives(parsed)
    if (!compiled) continue
    database.run('delete from documents')
    database.run('insert into documents values (jsonb(?))', [text])
    const bySql = database.query(`select 1 from documents where ${compiled.text}`)
    const isFound = bySql.values(...compiled.values).length > 0
    bySql.finalize()
    if (isFound) matches += 1
    expect(`${matchesDocument(JSON.parse(text), parsed)} ${text} ${JSON.stringify(conditions)}`).toBe(
      `${isFound} ${text} ${JSON.stringify(conditions)}`,
    )
  }
  expect(matches).toBeGreaterThan(100)
})

/** Null: a bad query. */
function parsedOr(conditions: JsonObject[]) {
  try {
    return parseQuery(conditions, DEFAULT_BASE_LIMITS).alternatives
  } catch {
    return null
  }
}
