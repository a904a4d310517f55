/** A server that restarts, limits calls or is lost in the middle of a command. */
import { expect, test } from 'bun:test'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Answer, fakeError } from './testing/contract-check.ts'
import {
  FAKE_BUILD,
  NO_EXPOSURE,
  type FakePlatform,
  FAKE_INSTANCE,
  startFakePlatform,
} from './testing/fake-platform.ts'
import { asUserOf, runSpace } from './testing/run-space.ts'
import { createTempFolder } from './testing/temp-folder.ts'

const PROJECT = {
  Spacefile: 'v: 0\nmicros:\n  - name: web\n    src: .\n    engine: nodejs16\n',
  'index.js': '',
  '.space/meta': '{"id":"app_1","name":"SpaceAuth","alias":"spaceauth"}',
}

async function push(peer: FakePlatform, env: Record<string, string> = {}) {
  using project = createTempFolder(PROJECT)
  return await runSpace(['push'], { cwd: project.path, env: { ...asUserOf(peer), ...env } })
}

const UNAVAILABLE: Answer = fakeError('unavailable', 'One moment, please')

/** Answers the first calls one way, and all later ones as before. */
function failFirst(peer: FakePlatform, key: string, failures: readonly Answer[], then: Answer): void {
  const left = [...failures]
  peer.on(key, () => left.shift() ?? then)
}

const BUILD = { ...FAKE_BUILD, exposure: NO_EXPOSURE }
const COMPLETE = { json: BUILD }

test('a call that is limited is sent again after Retry-After, and the wait is shown', async () => {
  await using peer = await startFakePlatform()
  const limited = {
    ...fakeError('rate_limited', 'Too many requests; try again in 1 s'),
    headers: { 'Retry-After': '1' },
  }
  failFirst(peer, 'POST /v0/builds', [limited], { status: 202, json: { id: 'bld_1' } })
  const { exitCode, stderr } = await push(peer)
  expect(exitCode).toBe(0)
  expect(stderr).toContain('! Too many requests; try again in 1 s (waiting 1 s)')
})

test('a limit without Retry-After, or beyond the bound, is reported at once', async () => {
  await using peer = await startFakePlatform()
  const limited = fakeError('rate_limited', 'Too many requests')
  peer.on('POST /v0/builds', () => limited)
  expect((await push(peer)).stderr).toContain('✗ Too many requests')
  peer.on('POST /v0/builds', () => ({ ...limited, headers: { 'Retry-After': '3600' } }))
  expect((await push(peer)).stderr).toContain('✗ Too many requests')
})

test('a server that is starting is waited for, and said to be so once', async () => {
  await using peer = await startFakePlatform()
  failFirst(peer, 'GET /v0/apps/app_1', [UNAVAILABLE, 'lost'], {
    json: { id: 'app_1', name: 'x', alias: '' },
  })
  const { exitCode, stderr } = await push(peer)
  expect(exitCode).toBe(0)
  expect(stderr.split(`! ${peer.origin} does not answer; waiting for it to come back`)).toHaveLength(2)
})

test('the bound of a wait can be set, and what is reported is what happened last', async () => {
  await using peer = await startFakePlatform()
  peer.on('GET /v0/apps/app_1', () => UNAVAILABLE)
  const { exitCode, stderr } = await push(peer, { SPACE_WAIT_SECONDS: '0' })
  expect(exitCode).toBe(1)
  expect(stderr).toContain(`✗ The server at ${peer.origin} is not available (status 503).`)
  expect(stderr).toContain('One moment, please')
  expect((await push(peer, { SPACE_WAIT_SECONDS: 'long' })).exitCode).toBe(2)
  expect((await push(peer, { SPACE_ANSWER_SECONDS: '0' })).exitCode).toBe(2)
})

test.each([502, 503, 504])(
  'a server that answers the first call with %i is not taken for another program',
  async (status) => {
    await using front = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: () => new Response('<html>', { status }),
    })
    using folder = createTempFolder()
    const env = { SPACE_WAIT_SECONDS: '0' }
    const { stderr } = await runSpace(['apps', '--server', `http://127.0.0.1:${front.port}`], {
      cwd: folder.path,
      env,
    })
    expect(stderr).toContain(`is not available (status ${status})`)
    expect(stderr).not.toContain('not Ownspace')
  },
)

test('a log that breaks is taken up where it broke, without a line twice', async () => {
  await using peer = await startFakePlatform()
  const logs: Answer[] = [{ text: '[web] one\n[web] tw', isCut: true }, { text: '[web] one\n[web] two\n' }]
  peer.on('GET /v0/builds/bld_1/logs', () => logs.shift() ?? { text: '' })
  failFirst(peer, 'GET /v0/builds/bld_1', [{ json: { ...BUILD, status: 'running' } }], COMPLETE)
  const { exitCode, stderr } = await push(peer)
  expect(exitCode).toBe(0)
  expect(stderr.match(/│ \[web\] \w+/g)).toEqual(['│ [web] one', '│ [web] two'])
})

test('a log that breaks without end is reported in our words', async () => {
  await using peer = await startFakePlatform()
  peer.on('GET /v0/builds/bld_1/logs', () => ({ text: '[web] half a li', isCut: true }))
  peer.on('GET /v0/builds/bld_1', () => ({ json: { ...BUILD, status: 'running' } }))
  const { exitCode, stderr } = await push(peer)
  expect(exitCode).toBe(1)
  expect(stderr).toContain(`✗ The connection to ${peer.origin} was lost`)
  expect(stderr).not.toMatch(/fetch\(|verbose/)
})

test('an archive whose answer is lost is not sent twice when the build has begun', async () => {
  await using peer = await startFakePlatform()
  peer.on('POST /v0/builds/bld_1/code', () => 'lost')
  expect((await push(peer)).exitCode).toBe(0)
  expect(peer.calls().filter((call) => call.endsWith('/code'))).toHaveLength(1)
})

test('an archive that did not arrive is sent again', async () => {
  await using peer = await startFakePlatform()
  const status = (name: string): Answer => ({ json: { ...BUILD, status: name } })
  failFirst(peer, 'POST /v0/builds/bld_1/code', ['lost'], { json: { build_id: 'bld_1' } })
  failFirst(peer, 'GET /v0/builds/bld_1', [status('pending')], COMPLETE)
  expect((await push(peer)).exitCode).toBe(0)
  expect(peer.calls().filter((call) => call.endsWith('/code'))).toHaveLength(2)
})

test('an upload that a restart has ended begins again as a new build', async () => {
  await using peer = await startFakePlatform()
  const ids = ['bld_0', 'bld_1']
  peer.on('POST /v0/builds', () => ({ status: 202, json: { id: ids.shift() } }))
  peer.on('POST /v0/builds/bld_0/manifest', () => ({
    ...fakeError('conflict', 'begun'),
  }))
  peer.on('GET /v0/builds/bld_0', () => ({ json: { ...BUILD, id: 'bld_0', status: 'internal-error' } }))
  const { exitCode, stderr } = await push(peer)
  expect(exitCode).toBe(0)
  expect(stderr).toContain('! The server restarted during the upload; uploading again')
})

test.each([
  ['failed', 'Fix the app, then run: space push'],
  ['internal-error', 'The cause is on the server, not in the app. Once the server is ready, run: space push'],
])('a build that ended as %s blames right', async (status, hint) => {
  await using peer = await startFakePlatform()
  peer.on('GET /v0/builds/bld_1', () => ({ json: { ...BUILD, tag: 't', status, failure: 'why' } }))
  const { stderr } = await push(peer)
  expect(stderr).toContain('✗ The build failed: why')
  expect(stderr).toContain(hint)
  expect(stderr).toContain(`Revision dory-weyi is still serving at ${FAKE_INSTANCE.url}`)
})

test('a server that is not there at the first call is reported at once', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  using folder = createTempFolder()
  const { stderr } = await runSpace(['apps', '--server', `http://127.0.0.1:${port}`], { cwd: folder.path })
  expect(stderr).toContain(`✗ Nothing answers at http://127.0.0.1:${port}.`)
  expect(stderr).toContain('Start the server: npm start')
})
