/** The key of an app whose owner has limited it for strangers. */
import { describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { identityKeyOf, type DirectoryChange, type StrangerLimits } from '../directory/index.ts'
import { dataKey } from '../directory/testing/entries.ts'
import { IDENTITY_SECRET, startTestData } from './testing/test-data.ts'

const READ: StrangerLimits = {
  instanceId: 'inst_1',
  mayWrite: false,
  bases: null,
  drives: null,
  needsIdentity: false,
}
const put = (strangers: StrangerLimits | null): DirectoryChange => ({
  op: 'dataKey.put',
  key: dataKey('a', 'notes', { strangers }),
})

interface Claims {
  readonly instance?: string
  readonly principal?: string
  readonly at?: number
  readonly signedFor?: string
}

/** As a gateway signs it (docs/identity.md). */
function identity({
  instance = 'inst_1',
  principal = 'anonymous',
  at = Date.now() / 1_000,
  signedFor,
}: Claims): string {
  const claims = { instance, micro: 'web', principal, method: 'GET', path: '/', at: Math.floor(at) }
  const signed = `v1.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  const key = identityKeyOf(IDENTITY_SECRET, signedFor ?? instance)
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
}
const STRANGER = identity({})
const OWNER = identity({ principal: 'user:usr_1' })

const CALLS = {
  read: { base: 'todos', method: 'GET', path: '/items/k' },
  write: { base: 'todos', method: 'PUT', path: '/items' },
} as const

async function start(strangers: StrangerLimits | null) {
  const data = await startTestData([put(strangers)])
  const call = (what: keyof typeof CALLS, passedOn: string | null, base: string = CALLS[what].base) => {
    const { method, path } = CALLS[what]
    return data.askInside('database.deta.sh', `/v1/notes/${base}${path}`, {
      method,
      headers: { 'X-API-Key': 'notes_secreta', ...(passedOn !== null && { 'X-Space-Identity': passedOn }) },
      ...(what === 'write' && { body: JSON.stringify({ items: [{ key: 'k' }] }) }),
    })
  }
  const may = async (...args: Parameters<typeof call>) => (await call(...args)).status < 300
  return { data, may, [Symbol.asyncDispose]: () => data[Symbol.asyncDispose]() }
}

test('an app that is limited to reading for strangers writes for everyone else', async () => {
  await using my = await start(READ)
  expect(await my.may('write', OWNER)).toBe(true)
  expect(await my.may('write', identity({ principal: 'key:key_1' }))).toBe(true)
  expect(await my.may('write', null)).toBe(true)
  expect(await my.may('write', STRANGER)).toBe(false)
  expect(await my.may('read', STRANGER)).toBe(true)
})

test('a limit to some Bases holds for strangers', async () => {
  await using my = await start({ ...READ, mayWrite: true, bases: ['guests'], drives: [] })
  expect(await my.may('write', STRANGER, 'guests')).toBe(true)
  expect(await my.may('write', STRANGER, 'todos')).toBe(false)
  expect(await my.may('read', STRANGER, 'todos')).toBe(false)
  expect(await my.may('write', OWNER, 'todos')).toBe(true)
})

test('calls without an identity are limited, too, if the owner wants that', async () => {
  await using my = await start({ ...READ, needsIdentity: true })
  expect(await my.may('write', null)).toBe(false)
  expect(await my.may('write', OWNER)).toBe(true)
})

const [version, payload, signature] = OWNER.split('.') as [string, string, string]
const forged = Buffer.from(
  JSON.stringify({ instance: 'inst_1', principal: 'user:usr_1', at: 9e12 }),
).toString('base64url')
describe('an identity counts as a stranger’s', () => {
  test.each([
    ['that is forged', `${version}.${forged}.${signature}`],
    ['without a signature', `${version}.${payload}.`],
    ['with half a signature', `${version}.${payload}.${signature.slice(0, 20)}`],
    ['of another version', `v2.${payload}.${signature}`],
    ['with more parts', `${OWNER}.x`],
    ['that is empty', ''],
    ['that is no identity', 'user:usr_1'],
    ['beside another one', `${OWNER}, ${OWNER}`],
    ['of another instance', identity({ instance: 'inst_2', principal: 'user:usr_1' })],
    ['that another instance signed', identity({ principal: 'user:usr_1', signedFor: 'inst_2' })],
    ['that is too old', identity({ principal: 'user:usr_1', at: Date.now() / 1_000 - 601 })],
    ['from the future', identity({ principal: 'user:usr_1', at: Date.now() / 1_000 + 120 })],
  ])('%s', async (_, passedOn) => {
    await using my = await start(READ)
    expect(await my.may('write', null)).toBe(true)
    expect(await my.may('write', passedOn)).toBe(false)
    expect(await my.may('read', passedOn)).toBe(true)
  })
})

test('the limits apply, and end, with the next call', async () => {
  await using my = await start(null)
  expect(await my.may('write', STRANGER)).toBe(true)
  await my.data.publisher.publish([put(READ)])
  expect(await my.may('write', STRANGER)).toBe(false)
  await my.data.publisher.publish([put(null)])
  expect(await my.may('write', STRANGER)).toBe(true)
})

test('limits never widen what a key opens', async () => {
  await using data = await startTestData([
    {
      op: 'dataKey.put',
      key: dataKey('a', 'notes', {
        bases: ['open'],
        drives: [],
        mayWrite: false,
        strangers: { ...READ, mayWrite: true, bases: ['todos'] },
      }),
    },
  ])
  const ask = (base: string, method: string) =>
    data.askInside('database.deta.sh', `/v1/notes/${base}/items`, {
      method,
      headers: { 'X-API-Key': 'notes_secreta', 'X-Space-Identity': STRANGER },
      body: JSON.stringify({ items: [{ key: 'k' }] }),
    })
  for (const base of ['open', 'todos']) expect((await ask(base, 'PUT')).status).toBeGreaterThanOrEqual(400)
})
