import type { Json, JsonObject } from '../items/json.ts'
import { setOwn } from '../items/json.ts'
import type { Random } from './random.ts'

export interface RandomCall {
  readonly method: string
  readonly path: string
  readonly body: Json | undefined
}

/** Few, so that calls meet; with what languages and databases find special. */
const KEYS = [
  'a',
  'b',
  'ab',
  'B',
  'é',
  '💾',
  '\uff5e',
  'a/b',
  'a%2Fb',
  "it's",
  '"',
  'z',
  '10',
  '9',
  ' ',
  '__proto__',
]
const NAMES = [
  'a',
  'b',
  'n',
  '"',
  '[0]',
  '$',
  "'",
  '\\',
  '💾',
  '__proto__',
  '0',
  'constructor',
  'a b',
  '@',
  '-1',
  '#',
]
const TEXTS = [
  '',
  'a',
  'ab',
  'abc',
  'B',
  'é',
  '💾',
  '\uff5e',
  '1',
  'true',
  'null',
  '[1]',
  '{}',
  '"a"',
  '%',
  '_',
  "'",
  'a\0b',
  '\ud83d',
  '\ufdd0',
  '\u{10ffff}',
  '\\u0000',
]
const NUMBERS = [
  0,
  1,
  -1,
  1.5,
  0.1 + 0.2,
  0.3,
  2 ** 53,
  2 ** 61,
  1e20,
  1e21,
  1e308,
  5e-324,
  1e-7,
  100,
  -0.5,
  123456789012345680,
]
const OPERATORS = [
  '',
  '?ne',
  '?lt',
  '?gt',
  '?lte',
  '?gte',
  '?<',
  '?>',
  '?<=',
  '?>=',
  '?pfx',
  '?r',
  '?contains',
  '?not_contains',
  '?!contains',
]

export function randomCall(random: Random, now: () => number): RandomCall {
  const item = (): JsonObject => randomItem(random, now())
  const path = `/items/${encodeURIComponent(random.pick(KEYS))}`
  switch (random.int(9)) {
    case 0:
    case 1:
      return {
        method: 'PUT',
        path: '/items',
        body: { items: distinct(Array.from({ length: 1 + random.int(6) }, item)) },
      }
    case 2:
      return { method: 'POST', path: '/items', body: { item: item() } }
    case 3:
      return { method: 'GET', path, body: undefined }
    case 4:
      return { method: 'DELETE', path, body: undefined }
    case 5:
    case 6:
      return { method: 'PATCH', path, body: randomUpdate(random) }
    default:
      return { method: 'POST', path: '/query', body: randomQuery(random) }
  }
}

function distinct(items: JsonObject[]): JsonObject[] {
  return items.filter(({ key }, at) => items.findIndex((other) => other.key === key) === at)
}

export function randomItem(random: Random, now: number): JsonObject {
  const item: JsonObject = { key: random.pick(KEYS) }
  for (let left = random.int(4); left > 0; left -= 1) setOwn(item, random.pick(NAMES), randomValue(random, 3))
  if (random.chance(0.1)) item.__expires = Math.floor(now / 1_000) + random.int(60) - 5
  return item
}

export function randomValue(random: Random, depth: number): Json {
  switch (random.int(depth > 0 ? 8 : 5)) {
    case 0:
      return null
    case 1:
      return random.chance(0.5)
    case 2:
    case 3:
      return random.pick(NUMBERS)
    case 4:
    case 5:
      return random.pick(TEXTS)
    case 6:
      return Array.from({ length: random.int(4) }, () => randomValue(random, depth - 1))
    default: {
      const object: JsonObject = {}
      for (let left = random.int(3); left > 0; left -= 1)
        setOwn(object, random.pick(NAMES), randomValue(random, depth - 1))
      return object
    }
  }
}

const randomPath = (random: Random): string =>
  Array.from({ length: 1 + (random.chance(0.4) ? 1 : 0) }, () => random.pick(NAMES)).join('.')

function randomUpdate(random: Random): JsonObject {
  const update: JsonObject = {}
  const part = (value: () => Json): JsonObject => {
    const object: JsonObject = {}
    for (let left = 1 + random.int(2); left > 0; left -= 1) setOwn(object, randomPath(random), value())
    return object
  }
  if (random.chance(0.5)) update.set = part(() => randomValue(random, 2))
  if (random.chance(0.3)) update.increment = part(() => random.pick(NUMBERS))
  if (random.chance(0.3)) update.append = part(() => [randomValue(random, 1)])
  if (random.chance(0.2)) update.prepend = part(() => [randomValue(random, 1)])
  if (random.chance(0.3)) update.delete = [randomPath(random)]
  return update
}

function randomQuery(random: Random): JsonObject {
  const query: JsonObject = { query: Array.from({ length: random.int(3) }, () => randomConditions(random)) }
  if (random.chance(0.3)) for (const object of query.query as JsonObject[]) setOwn(object, 'key?gte', 'a')
  if (random.chance(0.4)) query.limit = 1 + random.int(4)
  if (random.chance(0.3)) query.last = random.pick(KEYS)
  if (random.chance(0.3)) query.sort = 'desc'
  return query
}

export function randomConditions(random: Random): JsonObject {
  const object: JsonObject = {}
  for (let left = random.int(3); left > 0; left -= 1) {
    const operator = random.pick(OPERATORS)
    setOwn(object, randomPath(random) + operator, randomOperand(random, operator))
  }
  return object
}

function randomOperand(random: Random, operator: string): Json {
  if (operator === '?pfx') return random.pick(TEXTS)
  if (operator === '?r')
    return random.chance(0.5)
      ? [random.pick(NUMBERS), random.pick(NUMBERS)]
      : [random.pick(TEXTS), random.pick(TEXTS)]
  if (/[<>lg]/.test(operator)) return random.chance(0.5) ? random.pick(NUMBERS) : random.pick(TEXTS)
  return randomValue(random, 2)
}
