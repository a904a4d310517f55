import { expect, test } from 'bun:test'
import { type FakePlatform, FAKE_INSTANCE, startFakePlatform } from './testing/fake-platform.ts'
import { asUserOf, runSpace } from './testing/run-space.ts'
import { createTempFolder } from './testing/temp-folder.ts'

const PATH = '/v0/instances/inst_1/domains'
const DOMAIN = {
  id: 'dom_1',
  name: 'notes.example.org',
  url: 'http://notes.example.org:7070',
  created_at: '2026-11-21T12:00:00Z',
  records: [
    { type: 'TXT', name: '_deta.notes.example.org', value: 'deta-verification=abc' },
    { type: 'CNAME', name: 'notes.example.org', value: 'cloud.example.org' },
  ],
}
const PENDING = {
  ...DOMAIN,
  status: 'pending',
  finding: null,
  checked_at: null,
  checked_until: '2026-11-22T12:00:00Z',
}
const ACTIVE = { ...DOMAIN, status: 'active', proof: 'dns', active_at: '2026-11-21T13:00:00Z' }

/** A server whose app has these domains. */
async function startWith(...domains: object[]): Promise<FakePlatform> {
  const peer = await startFakePlatform()
  const builtin = { name: `${FAKE_INSTANCE.alias}.space.localhost`, url: FAKE_INSTANCE.url }
  peer.on(`GET ${PATH}`, () => ({ json: { builtin, domains, may_skip_proof: true } }))
  return peer
}

async function run(peer: FakePlatform, ...argv: string[]) {
  using folder = createTempFolder({})
  return await runSpace(['domains', ...argv], { cwd: folder.path, env: asUserOf(peer) })
}
const sent = (peer: FakePlatform) => JSON.parse(String(peer.received.at(-1)!.body)) as unknown

test('a new domain says what to set in its DNS', async () => {
  await using peer = await startWith()
  peer.on(`POST ${PATH}`, () => ({ status: 201, json: PENDING }))
  const { exitCode, stderr } = await run(peer, 'add', 'SpaceAuth', 'notes.example.org')
  expect([exitCode, sent(peer)]).toEqual([0, { name: 'notes.example.org', assign_anyway: false }])
  expect(stderr).toMatch(/_deta\.notes\.example\.org +TXT +"deta-verification=abc"/)
  expect(stderr).toMatch(/notes\.example\.org +CNAME +cloud\.example\.org\./)
  expect(stderr).toContain('domains check spaceauth-k2j3d4 notes.example.org')
})

test('a domain is activated without proof only with --without-proof', async () => {
  await using peer = await startWith(PENDING)
  peer.on(`POST ${PATH}`, () => ({ status: 201, json: PENDING }))
  peer.on(`POST ${PATH}/dom_1/check`, () => ({ json: { ...ACTIVE, proof: 'owner' } }))
  await run(peer, 'add', 'SpaceAuth', 'notes.example.org')
  expect(peer.calls()).not.toContain(`POST ${PATH}/dom_1/check`)
  const { stderr } = await run(peer, 'add', 'SpaceAuth', 'notes.lan', '--without-proof')
  expect(sent(peer)).toEqual({ without_proof: true })
  expect(stderr).toContain('answers at http://notes.example.org:7070')
})

test('a domain of another app is moved only with --assign-anyway', async () => {
  await using peer = await startWith()
  const taken = { errors: ['Another app answers'], detail: 'Another app answers', code: 'in_use' }
  peer.on(`POST ${PATH}`, ({ body }) =>
    String(body).includes('true') ? { status: 201, json: PENDING } : { status: 409, json: taken },
  )
  const refused = await run(peer, 'add', 'SpaceAuth', 'notes.example.org', '--json')
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'in_use' } })
  expect(refused.stdout).toContain('domains add spaceauth-k2j3d4 notes.example.org --assign-anyway')
  expect((await run(peer, 'add', 'SpaceAuth', 'notes.example.org', '--assign-anyway')).exitCode).toBe(0)
})

test('a check fails until the proof is there, and says what was found', async () => {
  await using peer = await startWith(PENDING)
  peer.on(`POST ${PATH}/dom_1/check`, () => ({ json: { ...PENDING, finding: 'others' } }))
  const early = await run(peer, 'check', 'SpaceAuth', 'NOTES.example.org.')
  expect([early.exitCode, sent(peer)]).toEqual([1, { without_proof: false }])
  expect(early.stderr).toContain('_deta.notes.example.org has TXT records, but not the expected one.')
  peer.on(`POST ${PATH}/dom_1/check`, () => ({ json: ACTIVE }))
  expect((await run(peer, 'check', 'SpaceAuth', 'dom_1')).exitCode).toBe(0)
})

test('domains are listed after the built-in one', async () => {
  await using peer = await startWith(ACTIVE, { ...PENDING, id: 'dom_2', name: 'b.example.org' })
  const { stdout } = await run(peer, 'list', 'SpaceAuth')
  expect(stdout).toMatch(/spaceauth-k2j3d4\.space\.localhost +built in/)
  expect(stdout).toMatch(/notes\.example\.org +active +.*http:\/\/notes\.example\.org:7070 +dom_1/)
  expect(stdout).toMatch(/b\.example\.org +pending +.*dom_2/)
  const { domains } = JSON.parse((await run(peer, 'list', 'SpaceAuth', '--json')).stdout)
  expect(domains).toHaveLength(2)
})

test('a domain is removed by name or id, in any spelling', async () => {
  await using peer = await startWith({ ...ACTIVE, name: 'xn--bcher-kva.example' })
  peer.on(`DELETE ${PATH}/dom_1`, () => ({ status: 204, text: '' }))
  for (const reference of ['xn--bcher-kva.example', 'Bücher.example', 'dom_1'])
    expect((await run(peer, 'remove', 'SpaceAuth', reference)).exitCode).toBe(0)
  expect(await run(peer, 'remove', 'SpaceAuth', 'other.example')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('has no domain "other.example"'),
  })
})
