import { describe, expect, test } from 'bun:test'
import {
  type FakePlatform,
  FAKE_APP_LISTING,
  FAKE_COLLECTION,
  FAKE_INSTANCE,
  FAKE_KEY,
  startFakePlatform,
} from './testing/fake-platform.ts'
import { asUserOf, runSpace } from './testing/run-space.ts'
import { createTempFolder } from './testing/temp-folder.ts'

async function run(peer: FakePlatform, argv: readonly string[], files: Record<string, string> = {}) {
  using folder = createTempFolder(files)
  return await runSpace(argv, { cwd: folder.path, env: asUserOf(peer) })
}

describe('an app is found', () => {
  test.each(['spaceauth-k2j3d4', 'SpaceAuth', 'spaceauth', 'app_1', 'inst_1'])('by %s', async (reference) => {
    await using peer = await startFakePlatform()
    expect(await run(peer, ['open', reference, '--print'])).toMatchObject({
      exitCode: 0,
      stdout: `${FAKE_INSTANCE.url}\n`,
    })
  })

  test('by the folder that is linked to it', async () => {
    await using peer = await startFakePlatform()
    const result = await run(peer, ['open', '--print'], { '.space/meta': '{"id":"app_1"}' })
    expect(result.stdout).toBe(`${FAKE_INSTANCE.url}\n`)
  })

  test('not by a name that two have, nor by one that none has', async () => {
    await using peer = await startFakePlatform()
    const other = { ...FAKE_INSTANCE, id: 'inst_2', app_id: 'app_2', alias: 'spaceauth-zzzzzz' }
    peer.on('GET /v0/instances', () => ({ json: { instances: [FAKE_INSTANCE, other] } }))
    const ambiguous = await run(peer, ['open', 'SpaceAuth', '--print'])
    expect(ambiguous).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('spaceauth-zzzzzz') })
    expect(await run(peer, ['open', 'other', '--print'])).toMatchObject({ exitCode: 1 })
    expect((await run(peer, ['open', 'spaceauth-zzzzzz', '--print'])).exitCode).toBe(0)
  })

  test('nowhere, in a folder that is not linked: that is wrong usage', async () => {
    await using peer = await startFakePlatform()
    expect(await run(peer, ['open'])).toMatchObject({ exitCode: 2 })
  })
})

describe('keys', () => {
  test('a new key is printed alone on stdout', async () => {
    await using peer = await startFakePlatform()
    peer.on('POST /v0/instances/inst_1/api_keys', () => ({
      status: 201,
      json: { ...FAKE_KEY, value: '1_secret' },
    }))
    const plain = await run(peer, ['keys', 'create', 'SpaceAuth', '--name', 'backup'])
    expect(plain.stdout).toBe('1_secret\n')
    expect(plain.stderr).toContain('! No micro accepts keys yet')
    expect(plain.stderr).not.toContain('1_secret')
    const json = await run(peer, ['keys', 'create', 'SpaceAuth', '--name', 'backup', '--json'])
    expect(JSON.parse(json.stdout)).toEqual({ ...FAKE_KEY, value: '1_secret', instance_id: 'inst_1' })
  })

  test('a key has the limits that were asked for, and its scope is shown', async () => {
    await using peer = await startFakePlatform()
    peer.on('POST /v0/instances/inst_1/api_keys', ({ body }) => ({
      status: 201,
      json: { ...FAKE_KEY, value: '1_secret', ...JSON.parse(String(body)) },
    }))
    const scope = ['--micro', 'web,api', '--method', 'get', '--method', 'post', '--path', '/hooks/*']
    const create = ['keys', 'create', 'SpaceAuth', '--name', 'backup', '--expires', '2099-01-31']
    const pages = ['--origin', 'https://a.test', '--origin', 'http://localhost:3000']
    const { stdout, stderr } = await run(peer, [...create, ...scope, '--per-minute', '60', ...pages])
    expect(JSON.parse(String(peer.received.at(-1)!.body))).toEqual({
      name: 'backup',
      micros: ['web', 'api'],
      methods: ['GET', 'POST'],
      paths: ['/hooks/*'],
      expires_at: '2099-01-31T00:00:00.000Z',
      per_minute: 60,
      origins: ['https://a.test', 'http://localhost:3000'],
    })
    expect(stdout).toBe('1_secret\n')
    expect(stderr).toContain(
      'Scope: GET, POST of /hooks/* on web, api, 60 per minute, for pages of https://a.test, http://localhost:3000',
    )
    expect(stderr).toContain('It expires 2099-01-31')
  })

  test.each([
    ['--expires', 'soon'],
    ['--expires', '2020-01-01'],
    ['--per-minute', '0'],
    ['--path', 'hooks'],
    ['--origin', 'example.org'],
    ['--origin', 'https://example.org/page'],
  ])('%s %s limits nothing and is refused', async (option, value) => {
    await using peer = await startFakePlatform()
    const result = await run(peer, ['keys', 'create', 'SpaceAuth', option, value])
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(option) })
    expect(peer.received).toEqual([])
  })

  test('a rotated key is printed alone on stdout, and the old one ends when asked', async () => {
    await using peer = await startFakePlatform()
    peer.on('GET /v0/instances/inst_1/api_keys', () => ({ json: { keys: [FAKE_KEY] } }))
    peer.on('POST /v0/instances/inst_1/api_keys/key_1/rotate', () => ({
      status: 201,
      json: { ...FAKE_KEY, id: 'key_2', value: '2_secret' },
    }))
    const { stdout, stderr } = await run(peer, ['keys', 'rotate', 'SpaceAuth', 'backup', '--overlap', '2h'])
    expect(stdout).toBe('2_secret\n')
    expect(stderr).toContain('the old one expires in 2h')
    expect(JSON.parse(String(peer.received.at(-1)!.body))).toEqual({ overlap_seconds: 7200 })
  })

  test('keys are listed with what they open, their use and their end', async () => {
    await using peer = await startFakePlatform()
    const used = {
      methods: ['GET'],
      last_used_at: '2026-01-02T00:00:00Z',
      uses: 12,
      expires_at: '2099-01-31T00:00:00Z',
    }
    peer.on('GET /v0/instances/inst_1/api_keys', () => ({
      json: { keys: [FAKE_KEY, { ...FAKE_KEY, ...used }] },
    }))
    const { stdout } = await run(peer, ['keys', 'list', 'SpaceAuth'])
    expect(stdout).toMatch(/backup +everything +.* +never +0 +never +key_1/)
    expect(stdout).toMatch(/backup +GET +.* +2026-01-02 +12 +2099-01-31 +key_1/)
  })

  test('a key is deleted by name or id, and never by a name that two have', async () => {
    await using peer = await startFakePlatform()
    peer.on('GET /v0/instances/inst_1/api_keys', () => ({
      json: { keys: [FAKE_KEY, { ...FAKE_KEY, id: 'key_2', name: 'ci' }] },
    }))
    peer.on('DELETE /v0/instances/inst_1/api_keys/*', () => ({ status: 204, text: '' }))
    expect((await run(peer, ['keys', 'delete', 'SpaceAuth', 'backup'])).exitCode).toBe(0)
    expect((await run(peer, ['keys', 'delete', 'SpaceAuth', 'key_2'])).exitCode).toBe(0)
    expect(peer.calls().filter((call) => call.startsWith('DELETE'))).toEqual([
      'DELETE /v0/instances/inst_1/api_keys/key_1',
      'DELETE /v0/instances/inst_1/api_keys/key_2',
    ])
    peer.on('GET /v0/instances/inst_1/api_keys', () => ({
      json: { keys: [FAKE_KEY, { ...FAKE_KEY, id: 'key_2' }] },
    }))
    expect((await run(peer, ['keys', 'delete', 'SpaceAuth', 'backup'])).stderr).toContain('several keys')
    expect((await run(peer, ['keys', 'delete', 'SpaceAuth', 'nope'])).stderr).toContain('no key')
  })
})

test('deleting an app needs a yes', async () => {
  await using peer = await startFakePlatform()
  peer.on('DELETE /v0/instances/inst_1', () => ({ json: { kept_collection: null } }))
  peer.on('DELETE /v0/apps/app_1', () => ({ json: { kept_collection: null } }))
  const refused = await run(peer, ['delete', 'SpaceAuth'])
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--yes') })
  expect(peer.calls()).not.toContain('DELETE /v0/instances/inst_1')
  expect((await run(peer, ['delete', 'SpaceAuth', '--yes'])).exitCode).toBe(0)
  expect(peer.calls()).toContain('DELETE /v0/instances/inst_1')
})

describe('deleting an app', () => {
  const gone = () => ({ json: { kept_collection: null } })

  test('takes its pushes too, and the link of the folder', async () => {
    await using peer = await startFakePlatform()
    const instances = [FAKE_INSTANCE]
    peer.on('GET /v0/instances', () => ({ json: { instances } }))
    peer.on('DELETE /v0/instances/inst_1', () => (instances.pop(), gone()))
    peer.on('DELETE /v0/apps/app_1', gone)
    using folder = createTempFolder({ '.space/meta': '{"id":"app_1"}' })
    const options = { cwd: folder.path, env: asUserOf(peer) }
    expect((await runSpace(['delete', 'SpaceAuth', '--yes'], options)).exitCode).toBe(0)
    expect(peer.calls().filter((call) => call.startsWith('DELETE'))).toEqual([
      'DELETE /v0/instances/inst_1',
      'DELETE /v0/apps/app_1',
    ])
    expect((await runSpace(['open'], options)).stderr).toContain('not linked')
  })

  test.each([
    [[], 'keep_data=true', 'Its data is kept'],
    [['--keep-data'], 'keep_data=true', 'Its data is kept'],
    [['--delete-data'], 'keep_data=false', 'Deleted SpaceAuth'],
  ])('with %j asks the server for %s', async (flags, query, said) => {
    await using peer = await startFakePlatform()
    const instances = [FAKE_INSTANCE]
    const kept_collection = query === 'keep_data=true' ? FAKE_COLLECTION : null
    peer.on('GET /v0/instances', () => ({ json: { instances } }))
    peer.on('DELETE /v0/instances/inst_1', () => (instances.pop(), { json: { kept_collection } }))
    peer.on('DELETE /v0/apps/app_1', gone)
    const { stderr } = await run(peer, ['delete', 'SpaceAuth', '--yes', ...flags])
    expect(stderr).toContain(said)
    const deletions = peer.received.filter(({ method }) => method === 'DELETE').map(({ target }) => target)
    expect(deletions.map((target) => target.split('?')[1])).toEqual([query, query])
  })

  test('is refused when its data is to be both kept and deleted', async () => {
    await using peer = await startFakePlatform()
    const result = await run(peer, ['delete', 'SpaceAuth', '--yes', '--keep-data', '--delete-data'])
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--delete-data') })
    expect(peer.received).toEqual([])
  })

  test('works where nothing runs of it, by name or id, and never by a name that two have', async () => {
    await using peer = await startFakePlatform()
    const apps = [
      { ...FAKE_APP_LISTING, id: 'app_2', name: 'Notes', alias: 'notes' },
      { ...FAKE_APP_LISTING, id: 'app_3', name: 'Blog', alias: 'blog' },
      { ...FAKE_APP_LISTING, id: 'app_4', name: 'Blog', alias: 'blog' },
    ]
    peer.on('GET /v0/instances', () => ({ json: { instances: [] } }))
    peer.on('GET /v0/apps', () => ({ json: { apps } }))
    peer.on('DELETE /v0/apps/*', gone)
    expect((await run(peer, ['delete', 'notes', '--yes'])).stderr).toContain('✓ Deleted Notes (app_2)')
    expect((await run(peer, ['delete', 'app_3', '--yes', '--json'])).stdout).toContain('app_3')
    expect((await run(peer, ['delete', 'blog', '--yes'])).stderr).toContain('app_4')
    expect((await run(peer, ['delete', 'nope', '--yes'])).exitCode).toBe(1)
    expect(peer.calls().filter((call) => call.startsWith('DELETE'))).toEqual([
      'DELETE /v0/apps/app_2',
      'DELETE /v0/apps/app_3',
    ])
  })
})

test('logs are printed oldest first, and cannot drive the terminal', async () => {
  await using peer = await startFakePlatform()
  peer.on('GET /v0/instances/inst_1/logs', () => ({
    json: {
      logs: [entry('second\u001b[2J', '2026-11-21T12:00:01Z'), entry('first', '2026-11-21T12:00:00Z')],
    },
  }))
  const { stdout } = await run(peer, ['logs', 'SpaceAuth', '--micro', 'api', '--limit', '5'])
  expect(stdout).toBe('2026-11-21T12:00:00Z [api] first\n2026-11-21T12:00:01Z [api] second\n')
  expect(peer.received.at(-1)!.target).toEndWith('/logs?limit=5&micro=api')
})

test('apps lists what was pushed and what was not', async () => {
  await using peer = await startFakePlatform()
  peer.on('GET /v0/apps', () => ({
    json: {
      apps: [FAKE_APP_LISTING, { ...FAKE_APP_LISTING, id: 'app_2', name: 'Notes', alias: 'notes' }],
    },
  }))
  const { stdout } = await run(peer, ['apps'])
  expect(stdout).toMatch(/SpaceAuth +running +dory-weyi +private +http:/)
  expect(stdout).toMatch(/Notes +not pushed +app_2/)
  const { apps } = JSON.parse((await run(peer, ['apps', '--json'])).stdout)
  expect(apps).toMatchObject([
    { id: 'app_1', instances: [{ id: 'inst_1' }] },
    { id: 'app_2', instances: [] },
  ])
})

const entry = (msg: string, timestamp: string) => ({
  micro_name: 'api',
  event_type: 'stdout',
  timestamp,
  msg,
})
