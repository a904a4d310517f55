import { describe, expect, test } from 'bun:test'
import type { ExposedRoute, Exposure } from '../contract/index.ts'
import { type FakePlatform, startFakePlatform } from './testing/fake-platform.ts'
import { asUserOf, runSpace } from './testing/run-space.ts'
import { type TempFolder, createTempFolder } from './testing/temp-folder.ts'
import { openTerminal } from './testing/terminal.ts'

const ENTER = '\r'

const createProject = (): TempFolder =>
  createTempFolder({
    Spacefile: 'v: 0\nmicros: [{name: web, src: ., engine: static, serve: .}]\n',
    '.space/meta': '{"id":"app_1","name":"SpaceAuth","alias":"spaceauth"}',
  })

const HOOKS: ExposedRoute = {
  micro: 'api',
  mount: '/api',
  pattern: '/hooks/*',
  from: 'web',
  outside: '/api/hooks/*',
  examples: ['/api/hooks/example'],
}
const PING: ExposedRoute = {
  micro: 'web',
  mount: '/',
  pattern: '/ping',
  from: 'web',
  outside: '/ping',
  examples: ['/ping'],
}
const EXPOSURE: Exposure = {
  opens: [HOOKS],
  closes: [PING],
  keeps: [],
  warnings: [{ micro: 'api', pattern: '/hooks/*', message: 'it is wide', hint: 'name the hooks' }],
}

async function startExposingPeer(exposure: unknown, { isForeign = false } = {}): Promise<FakePlatform> {
  const peer = await startFakePlatform()
  peer.on('POST /v0/builds/bld_1/manifest', () => ({ json: { build_id: 'bld_1', exposure }, isForeign }))
  return peer
}

const push = (peer: FakePlatform, project: TempFolder, ...argv: string[]) =>
  runSpace(['push', ...argv], { cwd: project.path, env: asUserOf(peer) })

const UPLOAD = 'POST /v0/builds/bld_1/code'

describe('away from a terminal', () => {
  test('a push says what becomes public and what no longer is, and continues', async () => {
    await using peer = await startExposingPeer(EXPOSURE)
    using project = createProject()
    const { exitCode, stderr } = await push(peer, project)
    expect(exitCode).toBe(0)
    expect(stderr).toContain(`! 1 route becomes public: accessible without signing in
    + /api/hooks/*  for example /api/hooks/example · on api · by a rule of micro web
✓ No longer public:
    - /ping
! /hooks/* of api: it is wide
    name the hooks
✓ Uploaded`)
  })

  test('a push that opens nothing says so', async () => {
    await using peer = await startExposingPeer({ opens: [], closes: [], keeps: [PING], warnings: [] })
    using project = createProject()
    expect((await push(peer, project)).stderr).toContain('✓ No new public routes\n')
  })

  test.each([[[]], [['--skip-logs']]])('--json %j carries the exposure', async (argv) => {
    await using peer = await startExposingPeer(EXPOSURE)
    using project = createProject()
    const { stdout } = await push(peer, project, '--json', ...argv)
    expect(JSON.parse(stdout).exposure).toEqual(EXPOSURE)
  })

  test.each([undefined, null, 'text', {}, { opens: 1, closes: [] }])(
    'a server that answers %j as exposure breaks nothing',
    async (exposure) => {
      await using peer = await startExposingPeer(exposure, { isForeign: true })
      using project = createProject()
      const { exitCode, stdout, stderr } = await push(peer, project, '--json')
      expect(exitCode).toBe(0)
      expect(JSON.parse(stdout)).not.toHaveProperty('exposure')
      expect(stderr).not.toContain('public')
    },
  )

  test('nor does one whose answer is not JSON', async () => {
    await using peer = await startFakePlatform()
    peer.on('POST /v0/builds/bld_1/manifest', () => ({ text: '', isForeign: true }))
    using project = createProject()
    expect((await push(peer, project)).exitCode).toBe(0)
  })

  test('the log of the build does not begin with what the command has shown', async () => {
    await using peer = await startExposingPeer(EXPOSURE)
    using project = createProject()
    await push(peer, project)
    const sent = peer.received.find(({ target }) => target.includes('/code'))
    expect(sent?.target).toBe('/api/v0/builds/bld_1/code?log_exposure=false')
  })

  test('the log of the build begins with what the command has not shown', async () => {
    await using peer = await startExposingPeer(null, { isForeign: true })
    using project = createProject()
    await push(peer, project)
    const sent = peer.received.find(({ target }) => target.includes('/code'))
    expect(sent?.target).toBe('/api/v0/builds/bld_1/code')
  })

  test('a pattern cannot drive the terminal', async () => {
    const evil = { ...PING, outside: '/\u001b[2Jping', examples: ['/\u0007'] }
    await using peer = await startExposingPeer({ ...EXPOSURE, opens: [evil] })
    using project = createProject()
    expect((await push(peer, project)).stderr).toContain('+ /ping  for example /\n')
  })
})

describe('at a terminal', () => {
  test('a push asks before it makes something public, and Enter alone means no', async () => {
    await using peer = await startExposingPeer(EXPOSURE)
    using project = createProject()
    await using terminal = openTerminal(['push'], { cwd: project.path, env: asUserOf(peer) })
    await terminal.shows('Make this public?')
    terminal.type(ENTER)
    await terminal.shows('Nothing was pushed')
    expect(await terminal.exited).toBe(1)
    expect(peer.calls()).not.toContain(UPLOAD)
  })

  test('a yes continues the push', async () => {
    await using peer = await startExposingPeer(EXPOSURE)
    using project = createProject()
    await using terminal = openTerminal(['push'], { cwd: project.path, env: asUserOf(peer) })
    await terminal.shows('Make this public?')
    terminal.type('y')
    await terminal.shows('App is running')
    expect(await terminal.exited).toBe(0)
  })

  test.each([
    [['--yes'], EXPOSURE],
    [[], { ...EXPOSURE, opens: [] }],
  ])('%j needs no answer when there is nothing to ask', async (argv, exposure) => {
    await using peer = await startExposingPeer(exposure)
    using project = createProject()
    await using terminal = openTerminal(['push', ...argv], { cwd: project.path, env: asUserOf(peer) })
    await terminal.shows('App is running')
    expect(await terminal.exited).toBe(0)
  })
})
