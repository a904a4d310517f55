import { describe, expect, test } from 'bun:test'
import type { Explanation, Surface, SurfaceRoute } from '../contract/index.ts'
import { FAKE_INSTANCE, type FakePlatform, startFakePlatform } from './testing/fake-platform.ts'
import { asUserOf, runSpace } from './testing/run-space.ts'
import { createTempFolder } from './testing/temp-folder.ts'

async function run(peer: FakePlatform, argv: readonly string[], files: Record<string, string> = {}) {
  using folder = createTempFolder(files)
  return await runSpace(argv, { cwd: folder.path, env: asUserOf(peer) })
}

const bodyOf = (peer: FakePlatform, method: string) =>
  JSON.parse(String(peer.received.findLast((request) => request.method === method)!.body))

const HOOKS: SurfaceRoute = {
  micro: 'api',
  mount: '/api',
  pattern: '/hooks/*',
  from: 'api',
  outside: '/api/hooks/*',
  examples: ['/api/hooks/example', '/api/hooks/'],
  state: 'open',
  since: '2026-01-02T00:00:00Z',
  last_used_at: null,
  uses: 0,
  advice: 'unused',
}
const PING: SurfaceRoute = {
  ...HOOKS,
  micro: 'web',
  mount: '/',
  pattern: '/ping',
  from: 'web',
  outside: '/ping',
  examples: ['/ping'],
  state: 'closed',
  last_used_at: '2026-02-03T00:00:00Z',
  uses: 1204,
  advice: null,
}
const CLOSE_PING = { micro: 'web', kind: 'close', pattern: '/ping' } as const
const SURFACE: Surface = {
  routes: [HOOKS, PING],
  private: [{ micro: 'api', pattern: '/hooks/admin', by: 'owner' }],
  keys_on: ['api'],
  warnings: [{ micro: 'api', pattern: '/hooks/*', message: 'it is wide', hint: 'name the hooks' }],
  overrides: [CLOSE_PING, { micro: 'api', kind: 'private', pattern: '/hooks/admin' }],
}

async function startAccessPeer(surface: Surface = SURFACE): Promise<FakePlatform> {
  const peer = await startFakePlatform()
  peer.on('GET /v0/instances/inst_1/access', () => ({ json: surface }))
  peer.on('PUT /v0/instances/inst_1/access/overrides', () => ({ json: surface }))
  peer.on('GET /v0/instances/inst_1/api_keys', () => ({ json: { keys: [] } }))
  return peer
}

describe('space access list', () => {
  test('shows what is open, closed, private, takes keys, is odd, and could be closed', async () => {
    await using peer = await startAccessPeer()
    const { stdout } = await run(peer, ['access', 'list', 'SpaceAuth'])
    expect(stdout).toMatch(
      /Public\n.*\n {2}\/api\/hooks\/\* +api +2026-01-02 +never +0 +\/api\/hooks\/example/,
    )
    expect(stdout).toContain('Everything else is private.')
    expect(stdout).toMatch(/Closed by you\n.*\n {2}\/ping +web +2026-01-02 +2026-02-03 +1204/)
    expect(stdout).toMatch(/\/hooks\/admin +api +you/)
    expect(stdout).toContain('Accepted by api; no keys yet')
    expect(stdout).toContain('! /hooks/* of api: it is wide\n    name the hooks')
    expect(stdout).toContain("space access close spaceauth-k2j3d4 api '/hooks/*'")
  })

  test('says so when nothing is open', async () => {
    await using peer = await startAccessPeer({
      routes: [],
      private: [],
      keys_on: [],
      warnings: [],
      overrides: [],
    })
    const { stdout } = await run(peer, ['access', 'list', 'SpaceAuth'])
    expect(stdout).toContain('Nothing. Only you have access')
    expect(stdout).toContain('No micro accepts API keys.')
  })

  test('--json is the whole surface, with the keys', async () => {
    await using peer = await startAccessPeer()
    const { stdout } = await run(peer, ['access', 'list', 'SpaceAuth', '--json'])
    expect(JSON.parse(stdout)).toEqual({ instance_id: 'inst_1', ...SURFACE, keys: [] })
  })
})

describe('closing and reopening', () => {
  test.each(['/hooks/*', '/api/hooks/*'])(
    'closing %s adds one override and keeps the others',
    async (pattern) => {
      await using peer = await startAccessPeer()
      const result = await run(peer, ['access', 'close', 'SpaceAuth', 'api', pattern])
      expect(result).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('Closed /api/hooks/*') })
      expect(bodyOf(peer, 'PUT')).toEqual({
        overrides: [...SURFACE.overrides, { micro: 'api', kind: 'close', pattern: '/hooks/*' }],
      })
    },
  )

  test('reopening takes away that override alone, and says what is open again', async () => {
    await using peer = await startAccessPeer()
    const { stderr } = await run(peer, ['access', 'reopen', 'SpaceAuth', 'web', '/ping'])
    expect(stderr).toContain('! /ping is public again')
    expect(bodyOf(peer, 'PUT')).toEqual({ overrides: SURFACE.overrides.slice(1) })
  })

  test('what is so already changes nothing', async () => {
    await using peer = await startAccessPeer()
    expect((await run(peer, ['access', 'close', 'SpaceAuth', 'web', '/ping'])).stderr).toContain(
      'already closed',
    )
    expect((await run(peer, ['access', 'reopen', 'SpaceAuth', 'api', '/hooks/*'])).stderr).toContain(
      'not closed',
    )
    expect(peer.calls().some((call) => call.startsWith('PUT'))).toBe(false)
  })

  test('a route that is not there is answered with those that are', async () => {
    await using peer = await startAccessPeer()
    const result = await run(peer, ['access', 'close', 'SpaceAuth', 'web', '/pong'])
    expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('  web /ping') })
  })
})

const EXPLANATION: Explanation = {
  method: 'GET',
  url: `${FAKE_INSTANCE.url}/api/x`,
  path: '/api/x',
  canonical: '/api/x',
  is_plain: true,
  instance: { id: 'inst_1', alias: FAKE_INSTANCE.alias, app_name: 'SpaceAuth' },
  micro: 'api',
  mount: '/api',
  outcome: 'refused',
  reason: 'no-credential',
  rule: null,
  credential: 'none',
  sentences: ['No public rule of api matches /x.'],
  remedies: ['sign in as the owner'],
}

describe('space access explain', () => {
  test('says which path, micro, rule and credential, why, and what would change it', async () => {
    await using peer = await startFakePlatform()
    peer.on('POST /v0/access/explain', () => ({ json: EXPLANATION }))
    const { stdout } = await run(peer, ['access', 'explain', 'get', EXPLANATION.url])
    expect(bodyOf(peer, 'POST')).toEqual({ method: 'GET', url: EXPLANATION.url })
    expect(stdout).toBe(`GET ${EXPLANATION.url}
✗ Refused without credentials.

  Path        /api/x
  App         SpaceAuth (spaceauth-k2j3d4)
  Micro       api, mounted at /api
  Rule        none matches
  Credential  none

Why
  • No public rule of api matches /x.

How to change it
  • sign in as the owner
`)
  })

  test('a path alone is one of the app of this folder, exactly as it is written', async () => {
    await using peer = await startFakePlatform()
    peer.on('POST /v0/access/explain', () => ({ json: EXPLANATION }))
    await run(peer, ['access', 'explain', 'POST', '/a/../%70ing'], { '.space/meta': '{"id":"app_1"}' })
    expect(bodyOf(peer, 'POST')).toEqual({ method: 'POST', url: `${FAKE_INSTANCE.url}/a/../%70ing` })
  })

  test.each(['req-4f5a6b7c', 'http://space.localhost:7070/refusals/req-4f5a6b7c'])(
    '%s is looked up as a refusal',
    async (given) => {
      await using peer = await startFakePlatform()
      const refusal = { ...EXPLANATION, refusal_id: 'req-4f5a6b7c', at: new Date().toISOString() }
      peer.on('GET /v0/refusals/req-4f5a6b7c', () => ({ json: refusal }))
      const { stdout } = await run(peer, ['access', 'explain', given])
      expect(stdout).toContain('✗ Refused just now.')
      expect(JSON.parse((await run(peer, ['access', 'explain', given, '--json'])).stdout)).toEqual(refusal)
    },
  )

  test.each([
    { outcome: 'public', rule: { pattern: '/x', from: 'api' }, shows: '/x of micro api' },
    {
      outcome: 'public',
      rule: { pattern: '/*', from: 'api' },
      shows: "Close it now: space access close spaceauth-k2j3d4 api '/*'",
    },
    { canonical: '/api/%70', is_plain: false, shows: 'ambiguous spelling' },
    { outcome: 'malformed', canonical: null, micro: null, mount: null, shows: 'answered with 400' },
  ] as const)('%j', async ({ shows, ...changes }) => {
    await using peer = await startFakePlatform()
    peer.on('POST /v0/access/explain', () => ({ json: { ...EXPLANATION, ...changes } }))
    expect((await run(peer, ['access', 'explain', EXPLANATION.url])).stdout).toContain(shows)
  })

  test.each([[['x']], [['GET', 'ping']], [['G T', 'http://a/']]])('%j is a usage error', async (argv) => {
    await using peer = await startFakePlatform()
    expect(await run(peer, ['access', 'explain', ...argv])).toMatchObject({ exitCode: 2 })
    expect(peer.received).toEqual([])
  })
})

describe('sessions', () => {
  const SESSION = {
    id: 'ses_1',
    device: 'Firefox on Linux',
    created_at: '2026-01-02T00:00:00Z',
    last_seen_at: '2026-02-03T00:00:00Z',
    is_current: false,
    apps: [{ alias: 'spaceauth-k2j3d4' }],
  }

  test('are listed by device', async () => {
    await using peer = await startFakePlatform()
    peer.on('GET /v0/sessions', () => ({ json: { sessions: [SESSION] } }))
    const { stdout } = await run(peer, ['sessions', 'list'])
    expect(stdout).toMatch(/Firefox on Linux +2026-02-03 +2026-01-02 +spaceauth-k2j3d4 +ses_1/)
  })

  test('are revoked one by one, or all', async () => {
    await using peer = await startFakePlatform()
    peer.on('DELETE /v0/sessions/ses_1', () => ({ status: 204, text: '' }))
    peer.on('DELETE /v0/sessions', () => ({ status: 204, text: '' }))
    expect((await run(peer, ['sessions', 'revoke', 'ses_1'])).exitCode).toBe(0)
    expect((await run(peer, ['sessions', 'revoke', '--all'])).exitCode).toBe(0)
    expect(peer.calls()).toEqual(['DELETE /v0/sessions/ses_1', 'DELETE /v0/sessions'])
  })

  test.each([[[]], [['ses_1', '--all']]])('revoke %j is a usage error', async (argv) => {
    await using peer = await startFakePlatform()
    expect(await run(peer, ['sessions', 'revoke', ...argv])).toMatchObject({ exitCode: 2 })
    expect(peer.received).toEqual([])
  })
})

describe('space access data', () => {
  const DATA = '/v0/instances/inst_1/access/data'
  const limits = { read_only: true, bases: ['guests'], drives: [], needs_identity: true }

  async function ask(argv: readonly string[], answer: unknown = limits) {
    const peer = await startAccessPeer()
    peer.on(`GET ${DATA}`, () => ({ json: { limits: answer } }))
    peer.on(`PUT ${DATA}`, () => ({ json: { limits: answer } }))
    const { exitCode, stdout, stderr } = await run(peer, ['access', 'data', FAKE_INSTANCE.alias, ...argv])
    const sent = peer.received.some(({ method }) => method === 'PUT') ? bodyOf(peer, 'PUT').limits : undefined
    await peer[Symbol.asyncDispose]()
    return { exitCode, output: stdout + stderr, sent }
  }

  test('limits the app for strangers to some Bases, and names of one kind close the other', async () => {
    const { sent, output } = await ask(['--read-only', '--base', 'guests', '--need-identity'])
    expect(sent).toEqual(limits)
    expect(output).toContain('it may read Base guests, and also when it does not say whom it answers')
  })

  test('removes the limits', async () => {
    const { sent, output } = await ask(['--unlimited'], null)
    expect(sent).toBeNull()
    expect(output).toContain('it may use all of its data')
  })

  test('changes nothing without a flag', async () => {
    expect(await ask([])).toMatchObject({ exitCode: 0, sent: undefined })
  })

  test.each([[['--unlimited', '--read-only']], [['--need-identity']]])('refuses %j', async (argv) => {
    const { exitCode, sent } = await ask(argv)
    expect(exitCode).not.toBe(0)
    expect(sent).toBeUndefined()
  })
})
