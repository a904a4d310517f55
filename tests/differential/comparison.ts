import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { assignRules, canonicalPath, compileRules } from '../../src/access/index.ts'
import { PATH_PARTS } from '../../src/access/testing/path-grammar.ts'
import { createRandom, type Random } from '../../src/access/testing/random.ts'
import type { Installed } from './install.ts'
import { isCalledPrivate, type Rules } from './oracle.ts'
import { ROUTERS, startRouter, type Router, type Served } from './router-process.ts'

const ROUTES = [
  ...words(
    '/ /admin /admin/users /ping /public /public/file /docs/intro/page /docs/secret /list /a /a/b /b/a/b',
  ),
  ...words('/Mixed/Case /file.txt /café /index.html /v1/public/x'),
  '/my file',
]
const PREFIXES = ['/inner', '/other']
const FILES = [
  ...words(
    'index.html admin/index.html admin/users.html about.html public/file public/index.html docs/secret',
  ),
  ...words('docs/intro/page.html list.html café a/b .hidden Mixed/Case.html file.txt'),
  'my file',
]

/** Public and private patterns that have something to do with what is served. */
const OPEN = [
  ...words(
    '/ /* /ping /public/* /public* /docs/*/page /docs/* /*.txt /*.html /a/* /a* /*/b /v*/public/* /caf*',
  ),
  ...words('/(?!(admin))* /(?!(admin|list|docs))* /(?!(list))* /Mixed/* /mixed/* /café /inner/x/*'),
  '/my file',
]
const CLOSED = [
  ...words('/admin /admin/* /list /docs/secret / /index.html /Mixed/Case /café /inner/* /*/b'),
  '/my file',
]

export interface Finding {
  readonly router: string
  readonly rules: Rules
  readonly target: string
  /** What ran, although the rules call it private. */
  readonly handler: string
}

export interface Comparison {
  /** Requests that were sent because the rules made them public. */
  readonly asked: number
  /** Of those, how many a handler answered: a comparison that reaches none proves nothing. */
  readonly handled: number
  readonly findings: readonly Finding[]
}

/**
 * Sends what is said to be public, out of random rules and hostile spellings, to real routers, and looks whether one
 * runs a handler that the same rules call private.
 */
export async function compare(
  installed: Installed,
  seed: number,
  rounds: number,
): Promise<Map<string, Comparison>> {
  using files = servedFiles()
  const served: Served = { routes: ROUTES, prefixes: PREFIXES, folder: files.folder }
  const results = new Map<string, Comparison>()
  for (const spec of ROUTERS) {
    const runtime = installed[spec.language]
    if (runtime === null) continue
    await using router = await startRouter(spec, runtime, served)
    results.set(spec.name, await compareRouter(router, createRandom(seed), rounds))
  }
  return results
}

async function compareRouter(router: Router, random: Random, rounds: number): Promise<Comparison> {
  const findings: Finding[] = []
  let [asked, handled] = [0, 0]
  for (let round = 0; round < rounds; round++) {
    const rules = randomRules(random)
    for (const target of publicTargets(rules, random)) {
      asked++
      const answer = await router.ask(target)
      if (answer.kind === 'nothing') continue
      handled++
      const isWrong = isCalledPrivate(answer.handler, router.isStatic, rules)
      if (isWrong) findings.push({ router: router.name, rules, target, handler: answer.handler })
    }
  }
  return { asked, handled, findings }
}

function randomRules(random: Random): Rules {
  const some = (list: readonly string[], most: number) =>
    Array.from({ length: random.int(most + 1) }, () => random.pick(list))
  return { open: [random.pick(OPEN), ...some(OPEN, 2)], closed: random.int(2) === 0 ? [] : some(CLOSED, 2) }
}

const TRIES = 60
const MOST_PER_ROUND = 12

/** Hostile targets that these rules call public. */
function publicTargets({ open, closed }: Rules, random: Random): string[] {
  const micro = { name: 'app', primary: true, mount: '/', publicRoutes: open, privateRoutes: closed }
  const [effective] = assignRules([micro])
  const rules = compileRules(effective ?? { publicRules: [], privateRules: [] })
  const isPublic = (target: string) => {
    const reading = canonicalPath(target)
    return reading.kind === 'path' && rules.judge(reading.path).kind === 'public'
  }
  const targets = Array.from({ length: TRIES }, () => randomTarget(open, random)).filter(isPublic)
  return [...new Set(targets)].slice(0, MOST_PER_ROUND)
}

function randomTarget(open: readonly string[], random: Random): string {
  const served = [...ROUTES, ...FILES.map((file) => `/${file}`), ...PREFIXES.map((prefix) => `${prefix}/x`)]
  const start =
    random.int(3) === 0
      ? random.pick(open).replaceAll('*', random.pick(['', 'x', 'admin', 'a/b']))
      : random.pick(served)
  let target = encodeURI(start).replaceAll(/\(\?!.*\)/g, '')
  for (let changes = random.int(4); changes > 0; changes--) target = mutate(target, random)
  return target.replaceAll(' ', '%20')
}

function mutate(target: string, random: Random): string {
  const at = 1 + random.int(target.length)
  const [before, after] = [target.slice(0, at), target.slice(at)]
  switch (random.int(8)) {
    case 0:
      return before + random.pick(PATH_PARTS) + after
    case 1:
      return before + after.slice(1)
    case 2:
      return before + encodeCharacter(after.charAt(0)) + after.slice(1)
    case 3:
      return before + (random.int(2) === 0 ? after.toUpperCase() : after.toLowerCase())
    case 4:
      return (
        target +
        random.pick(['/', '.html', '/index.html', '.', '%20', ';x', '?x=/ping', '/.', '//', '.txt', '/b'])
      )
    case 5:
      return `${random.pick(['/public', '/docs', '/ping', '/a', '/x', '/inner'])}${random.pick(['/../', '/', '/%2e%2e/', '\\..\\', '//'])}${target.slice(1)}`
    case 6:
      return before + random.pick(['%ef%bd%81', '%C4%B1', '%c5%bf', '%E2%84%AA', '%CC%81', '%C2%AD']) + after
    default:
      return random.pick(['/public/', '/a/', '/docs/x/']) + encodeURIComponent(target)
  }
}

const encodeCharacter = (char: string): string =>
  char === '' ? '' : `%${char.charCodeAt(0).toString(16).padStart(2, '0').slice(0, 2)}`

function servedFiles(): Disposable & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'differential-'))
  for (const file of FILES) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), `/${file}`)
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

function words(text: string): string[] {
  return text.split(' ')
}
