/** ATTACKS A: other spellings of a private path, or of a public one, must not open anything. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createRandom } from '../../src/access/testing/random.ts'
import { type Lab, startLab, statusesOf, forgetEarlierRequests } from './support/attack-harness.ts'

let lab: Lab
beforeAll(async () => void (lab = await startLab()))
afterAll(async () => await lab?.[Symbol.asyncDispose]())
forgetEarlierRequests(() => lab)

async function expectClosed(target: string, allowed: readonly number[] = [400, 401, 403]): Promise<void> {
  const [status] = statusesOf(await lab.get(target))
  expect([target.slice(0, 80), allowed.includes(status ?? 0), status]).toEqual([
    target.slice(0, 80),
    true,
    status,
  ])
  expect(await lab.received()).toEqual([])
}

test.each(['/public/', '/public/a', '/public/a/b.css?x=/admin', '/docs/x/page', '/docs/a/b/page', '/@ada'])(
  '%s is public and arrives as it was sent',
  async (target) => {
    expect(statusesOf(await lab.get(target))).toEqual([200])
    expect(await lab.received()).toEqual([expect.stringMatching(startingWith(`GET ${target} HTTP/1.1\r\n`))])
  },
)

test('/api/hook is public, and the micro sees it without its mount', async () => {
  expect(statusesOf(await lab.get('/api/hook?x=1'))).toEqual([200])
  expect(await lab.received()).toEqual([expect.stringMatching(/^GET \/hook\?x=1 HTTP\/1\.1\r\n/)])
})

describe('the query is never part of a match', () => {
  test.each([
    '/docs/secret?x=/page',
    '/admin?x=/public/',
    '/admin?/../public/',
    '/?/public/',
    '/docs/?/page',
  ])('%s', (target) => expectClosed(target))
})

describe('dot segments do not lead out of a public path', () => {
  test.each([
    '/public/../admin',
    '/public/./../admin',
    '/public/%2e%2e/admin',
    '/public/.%2e/admin',
    '/public/%2E./admin',
    '/public/..%2fadmin',
    '/public%2f..%2fadmin',
    '/public/%2e%2e%2fadmin',
    '/public/..%5cadmin',
    '/public\\..\\admin',
    '/public%5c..%5cadmin',
    '/public/%252e%252e/admin',
    '/public/%25%32%65%25%32%65/admin',
    '/public/..;/admin',
    '/public;/../admin',
    '/public/..%00/admin',
    '/public/%00/../admin',
    '/public/..%20/admin',
    '/public/.../admin',
    '/public/%ef%bc%8e%ef%bc%8e/admin',
    '/public/%c0%ae%c0%ae/admin',
    '/public/\u0085../admin',
    '/docs/../admin/page',
    '/api/hook/../notes',
    '/api/hook/%2e%2e/notes',
    '/api/../public/a',
    `/public/${'a/../'.repeat(3000)}admin`,
  ])('%p', (target) => expectClosed(target))
})

describe('a prefix ends where its segment ends', () => {
  test.each([
    '/publicx',
    '/public-admin',
    '/public',
    '/public.',
    '/api../admin',
    '/api./hook',
    '/apihook',
    '/api/hookx',
    '/api/hook/',
    '/api/hook/x',
    '/api/api/hook',
    '/hook',
    '/admin2',
    '/docs/page',
  ])('%s', (target) => expectClosed(target))
})

describe('there is one spelling, and no server is asked to guess', () => {
  test.each([
    '/ADMIN',
    '/Public/x',
    '/PUBLIC/x',
    '/%41dmin',
    '/%70ublic/x',
    '/public%2fx',
    '/public%2Fx',
    '//public/x',
    '/public//x',
    '//admin',
    '///admin',
    '//public//..//admin',
    '/./public/x',
    '/admin/.',
    '/admin/./',
    '/admin/',
    '/./admin',
    '/admin%20',
    '/admin.',
    '/admin;x=1',
    '/admin%00.css',
    '/public/x%00',
    '/public/x;/../../admin',
    '/public/a%0d%0aX:%201',
    '/api%2fhook',
    '/api/%68ook',
    '/api//hook',
    '/api/hook;a',
    '/api/hook%3Fx',
    '/api/hook%23',
    '/%61pi/hook',
    '/API/hook',
    '/%2561dmin',
  ])('%s', (target) => expectClosed(target))
})

describe('an encoded character is not the character that a rule has', () => {
  test.each(['/%40ada', '/%40', '/public%2Fx', '/%40ada/%40'])('%s', (target) => expectClosed(target))

  test('where the rule has a star it may be encoded', async () => {
    expect(statusesOf(await lab.get('/public/a%40b.example%3Aend'))).toEqual([200])
    expect(await lab.received()).toHaveLength(1)
  })
})

describe('what is no path is refused, and not taken for one without a rule', () => {
  test.each([
    '/%',
    '/%2',
    '/%zz',
    '/public/%',
    '/public/%zz',
    '/public/%u0061',
    '/public/a\x7fb',
    '/public/a#/../admin',
  ])('%s', (target) => expectClosed(target, [400]))

  test.each(['', 'public/x', '?x', '*', 'http:http://internal/admin', 'http://', '@/public/x', '.'])(
    'the target %p',
    (target) => expectClosed(target, [400]),
  )
})

describe('size does not open anything, and is bounded', () => {
  test('a path of 100 kB', () => expectClosed(`/public/${'a'.repeat(100_000)}`, [414, 431]))
  test('as many segments as fit', () => expectClosed(`/docs/${'a/'.repeat(8_000)}x`, [401]))
  test('as many dots as fit', () => expectClosed(`/public/${'%2e'.repeat(5_000)}/admin`))
  test('as many escapes as fit', () => expectClosed(`/admin${'%25'.repeat(5_000)}`))
})

describe('/__space is the platform’s, whatever the spelling and the rules', () => {
  test.each([
    '/__space/actions/x',
    '/__SPACE/actions',
    '/%5f%5fspace/actions',
    '/%5F_space%2factions',
    '/__space%2fauth%2fcallback',
    '//__space/actions',
    '/__space;/actions',
    '/__space\\actions',
    '/api/__space/actions',
    '/api/%5f_space/v0/actions',
    '/api//__space/actions',
  ])('%s', (target) => expectClosed(target, [400, 401, 403, 404, 501]))
})

test('the owner’s request arrives octet for octet, however it is spelled', async () => {
  const targets = ['/a//b;c=%2F', '/%41dmin?x=%2e', '/public/%40', '/api/%68ook', '/a%5cb']
  for (const target of targets) await lab.get(target, `Cookie: ${lab.cookie}`)
  expect((await lab.received()).map((raw) => raw.split(' ')[1]).sort()).toEqual(
    ['/a//b;c=%2F', '/%41dmin?x=%2e', '/public/%40', '/%68ook', '/a%5cb'].sort(),
  )
})

test('no path that chance makes is public under one reading and private under another', async () => {
  const random = createRandom(11)
  const targets = Array.from({ length: 8_000 }, () => `/${random.text(PIECES, 1 + random.int(7))}`)
  for (let at = 0; at < targets.length; at += 50)
    await Promise.all(targets.slice(at, at + 50).map((target) => lab.get(target)))
  const paths = (await lab.received()).map((raw) => raw.split(' ')[1]!.split('?')[0]!)
  expect(paths.length).toBeGreaterThan(50)
  expect(paths.filter((path) => !readingsOf(path).every(isMeantToBePublic))).toEqual([])
})

const WORDS = 'public public/ docs/ /page @ hook api/hook admin x X ~ + a.b * ! , : ='
const SIGNS =
  '/ // . .. /../ /./ \\ ; ? %2e %2E%2e %2f %5c %3b %25 %252e %00 %3f %23 %20 %40 %70 %2a %c0%ae %ef%bc%8f'
const PIECES = `${WORDS} ${SIGNS} %e2%80%a8`.split(' ')

/** The path as it is, and as servers read it that decode, decode twice, take a backslash for a slash or drop a parameter. */
function readingsOf(path: string): string[] {
  const once = unescape(path)
  const readings = [path, once, unescape(once), once.replaceAll('\\', '/'), path.replace(/;[^/]*/g, '')]
  return readings.map((reading) => new URL(reading.replace(/[?#]/g, '_'), 'http://host').pathname)
}

const isMeantToBePublic = (path: string): boolean =>
  /^\/public\/|^\/docs\/.*\/page$|^\/@|^\/hook$/.test(path) && !path.includes('//')

const startingWith = (text: string): RegExp => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)
