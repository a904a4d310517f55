/**
 * If the rules say public, no router of a real app may run a handler that the same rules call private. This is the
 * short run; the long one is `bun bench/differential.ts`.
 */
import { beforeAll, expect, test } from 'bun:test'
import { compare, type Comparison } from './comparison.ts'
import { installRouters } from './install.ts'
import { isCalledPrivate } from './oracle.ts'
import { ROUTERS } from './router-process.ts'

const SEED = 20_261_121
const ROUNDS = 150

/** Where there is no network or no Python, the rest is compared. */
const installed = await installRouters()
let results: ReadonlyMap<string, Comparison> = new Map()
beforeAll(async () => {
  results = await compare(installed, SEED, ROUNDS)
}, 300_000)

for (const { name, language } of ROUTERS) {
  test.skipIf(installed[language] === null)(
    `${name} runs nothing private of what is said to be public`,
    () => {
      const { findings, handled } = results.get(name)!
      expect(findings).toEqual([])
      expect(handled).toBeGreaterThan(100)
    },
  )
}

test('the comparison detects a hole: a private handler counts as one', () => {
  const rules = { open: ['/docs/*', '/Ping'], closed: ['/docs/secret', '/list'] }
  const calledPrivate = (handlers: string[], isFile: boolean) =>
    handlers.filter((handler) => isCalledPrivate(handler, isFile, rules))
  const closed = ['/admin', '/docs/secret', '/list', '/', '/inner/']
  expect(calledPrivate([...closed, '/docs', '/docs/a', '/ping'], false)).toEqual(closed)
  const files = ['/list.html', '/admin/index.html']
  expect(calledPrivate([...files, '/docs/index.html'], true)).toEqual(files)
})
