import { describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import {
  FAKE_APP_LISTING,
  FAKE_BUILD,
  FAKE_INSTALLATION,
  FAKE_INSTANCE,
  FAKE_STATUS,
  NO_EXPOSURE,
  startFakePlatform,
} from './testing/fake-platform.ts'
import { asUserOf, runSpace } from './testing/run-space.ts'
import { createTempFolder } from './testing/temp-folder.ts'

const FAILED_BUILD = { ...FAKE_BUILD, status: 'failed', exposure: NO_EXPOSURE }
const FAILED_INSTALLATION = { ...FAKE_INSTALLATION, status: 'failed' }

const SPACEFILE = `v: 0
app_name: SpaceAuth
micros:
  - name: express
    src: ./src
    engine: nodejs16
`
const PROJECT = {
  Spacefile: SPACEFILE,
  'src/index.js': 'console.log(1)',
  'src/node_modules/a/index.js': 'no',
  '.env': 'no',
}
const LINKED = { ...PROJECT, '.space/meta': '{"id":"app_1","name":"SpaceAuth","alias":"spaceauth"}' }

test('a push makes the calls of the official command, in order, each signed', async () => {
  await using peer = await startFakePlatform()
  using project = createTempFolder(LINKED)
  const result = await runSpace(['push', '--json'], { cwd: project.path, env: asUserOf(peer) })
  expect(result).toMatchObject({ exitCode: 0 })
  expect(peer.calls()).toEqual([
    'GET /v0/apps/app_1',
    'POST /v0/builds',
    'POST /v0/builds/bld_1/manifest',
    'POST /v0/builds/bld_1/code',
    'GET /v0/builds/bld_1/logs',
    'GET /v0/builds/bld_1',
    'GET /v0/promotions',
    'GET /v0/promotions/rel_1/logs',
    'GET /v0/promotions/rel_1',
    'GET /v0/installations',
    'GET /v0/installations/ins_1/logs',
    'GET /v0/installations/ins_1',
    'GET /v0/instances/inst_1',
  ])
  const [, build, manifest, code] = peer.received.filter(({ target }) => !target.endsWith('/time'))
  expect(JSON.parse(String(build!.body))).toEqual({
    app_id: 'app_1',
    tag: '',
    experimental: false,
    auto_pwa: true,
  })
  expect(String(manifest!.body)).toBe(SPACEFILE)
  expect(manifest!.headers['content-type']).toBe('text/plain')
  expect(code!.headers).toMatchObject({
    'content-type': 'application/zip',
    'content-length': String(code!.body.length),
  })
  expect(Object.keys(unzipSync(code!.body)).sort()).toEqual(['Spacefile', 'src/index.js'])
})

test.each([
  ['the usual bound', undefined, '250 MB'],
  ['the bound that the server has', 300_000_000, '300 MB'],
])('an app larger than %s is refused before anything is packed', async (_, maxBytes, shown) => {
  await using peer = await startFakePlatform()
  // An older server does not say.
  const isForeign = maxBytes === undefined
  peer.on('GET /v0/status', () => ({ json: { ...FAKE_STATUS, max_upload_bytes: maxBytes }, isForeign }))
  using project = createTempFolder({ ...LINKED, 'src/video.mp4': '' })
  truncateSync(join(project.path, 'src/video.mp4'), 310_000_000)
  const result = await runSpace(['push'], { cwd: project.path, env: asUserOf(peer) })
  expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`at most ${shown}`) })
  expect(peer.calls()).toEqual(['GET /v0/status'])
})

test('the access token never leaves the machine', async () => {
  await using peer = await startFakePlatform()
  using project = createTempFolder(LINKED)
  await runSpace(['push'], { cwd: project.path, env: asUserOf(peer) })
  const secret = 'zwDNmNSqG9TGEiR8sSm8HVrSWuJ31b4d'
  expect(peer.received.length).toBeGreaterThan(5)
  for (const { target, headers, body } of peer.received)
    expect(`${target} ${JSON.stringify(headers)} ${body.toString('latin1')}`).not.toContain(secret)
})

test('--json prints one object with app, revision, address, instance, public routes and exposure', async () => {
  await using peer = await startFakePlatform()
  using project = createTempFolder(LINKED)
  const { stdout } = await runSpace(['push', '--json'], { cwd: project.path, env: asUserOf(peer) })
  expect(stdout.trim().split('\n')).toHaveLength(1)
  expect(JSON.parse(stdout)).toEqual({
    app: 'app_1',
    revision: 'dory-weyi',
    url: FAKE_INSTANCE.url,
    instance_id: 'inst_1',
    public_routes: [],
    exposure: NO_EXPOSURE,
  })
})

test('a folder that is not linked becomes an app, named after the Spacefile, and stays linked', async () => {
  await using peer = await startFakePlatform()
  using project = createTempFolder(PROJECT)
  const result = await runSpace(['push'], { cwd: project.path, env: asUserOf(peer) })
  expect(result).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining('✓ Created the app SpaceAuth'),
  })
  const created = peer.received.find(({ method, target }) => method === 'POST' && target === '/api/v0/apps')
  expect(JSON.parse(String(created!.body))).toEqual({ name: 'SpaceAuth', alias: '' })
  expect(JSON.parse(readFileSync(join(project.path, '.space/meta'), 'utf8'))).toEqual({
    id: 'app_1',
    name: 'SpaceAuth',
    alias: 'spaceauth',
  })
  expect(readFileSync(join(project.path, '.space/.gitignore'), 'utf8')).toBe('*\n')
})

test('a script does not make a second app of the same name, unless it says which one', async () => {
  await using peer = await startFakePlatform()
  peer.on('GET /v0/apps', () => ({
    json: { apps: [FAKE_APP_LISTING] },
  }))
  using project = createTempFolder(PROJECT)
  const options = { cwd: project.path, env: asUserOf(peer) }
  const refused = await runSpace(['push', '--json'], options)
  expect(refused.exitCode).toBe(1)
  expect(JSON.parse(refused.stdout).error).toMatchObject({ code: 'ambiguous' })
  expect(refused.stderr).toContain('space link --id app_1')
  expect(peer.calls()).not.toContain('POST /v0/builds')
  expect(existsSync(join(project.path, '.space/meta'))).toBe(false)

  expect(await runSpace(['push', '--yes'], options)).toMatchObject({ exitCode: 0 })
  expect(peer.calls()).not.toContain('POST /v0/apps')
})

test('an invalid Spacefile is shown with its lines before anything is sent', async () => {
  await using peer = await startFakePlatform()
  using project = createTempFolder({ ...LINKED, Spacefile: SPACEFILE.replace('engine', 'engin') })
  const result = await runSpace(['push'], { cwd: project.path, env: asUserOf(peer) })
  expect(result.exitCode).toBe(1)
  expect(result.stderr).toContain('6 |     engin: nodejs16')
  expect(result.stderr).toContain('^')
  expect(peer.received).toEqual([])
})

test('a file that cannot be sent stops the push before an app is made', async () => {
  await using peer = await startFakePlatform()
  using project = createTempFolder(PROJECT)
  symlinkSync('/etc/hostname', join(project.path, 'link'))
  const { exitCode, stderr } = await runSpace(['push'], { cwd: project.path, env: asUserOf(peer) })
  expect(exitCode).toBe(1)
  expect(stderr).toContain('✗ link is a link out of the project, to /etc/hostname.')
  expect(stderr).toContain('.spaceignore')
  expect(peer.received).toEqual([])
})

test('a failed build shows why, what keeps serving, and ends with 1', async () => {
  await using peer = await startFakePlatform()
  peer.on('GET /v0/builds/bld_1/logs', () => ({ text: '[express] npm error missing script\n' }))
  peer.on('GET /v0/builds/bld_1', () => ({
    json: { ...FAILED_BUILD, tag: 'eel-abcd', failure: 'npm ended with 1' },
  }))
  using project = createTempFolder(LINKED)
  const options = { cwd: project.path, env: asUserOf(peer) }
  const { exitCode, stderr } = await runSpace(['push'], options)
  expect(exitCode).toBe(1)
  expect(stderr).toContain('│ [express] npm error missing script')
  expect(stderr).toContain('✗ The build failed: npm ended with 1')
  expect(stderr).toContain(`Revision dory-weyi is still serving at ${FAKE_INSTANCE.url}`)

  const json = JSON.parse((await runSpace(['push', '--json'], options)).stdout)
  expect(json.error.code).toBe('build_failed')
  expect(json.error.message).toContain('[express] npm error missing script')
})

test('an app that crashes at start shows the end of its log, once', async () => {
  await using peer = await startFakePlatform()
  peer.on('GET /v0/installations/ins_1/logs', () => ({ text: 'Error: no database\n' }))
  peer.on('GET /v0/installations/ins_1', () => ({
    json: { ...FAILED_INSTALLATION, failure: 'micro express ended with exit code 1' },
  }))
  using project = createTempFolder(LINKED)
  const { exitCode, stdout, stderr } = await runSpace(['push'], { cwd: project.path, env: asUserOf(peer) })
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  expect(stderr.split('Error: no database')).toHaveLength(2)
  expect(stderr).toContain('✗ The app did not start: micro express ended with exit code 1')
  expect(stderr).toContain('Revision dory-weyi is still serving')
})

test('a reason that ends the log is not said twice', async () => {
  await using peer = await startFakePlatform()
  const failure = 'express did not start: it ended with exit code 1'
  peer.on('GET /v0/installations/ins_1/logs', () => ({ text: `Starting express\n${failure}\n` }))
  peer.on('GET /v0/installations/ins_1', () => ({ json: { ...FAILED_INSTALLATION, failure } }))
  using project = createTempFolder(LINKED)
  const { stderr } = await runSpace(['push'], { cwd: project.path, env: asUserOf(peer) })
  expect(stderr).toContain(`  │ ${failure}\n✗ The app did not start.\n`)
})

test('an app of the same name that runs nowhere is taken', async () => {
  await using peer = await startFakePlatform()
  peer.on('GET /v0/apps', () => ({
    json: { apps: [FAKE_APP_LISTING] },
  }))
  peer.on('GET /v0/instances', () => ({ json: { instances: [] } }))
  using project = createTempFolder(PROJECT)
  expect((await runSpace(['push'], { cwd: project.path, env: asUserOf(peer) })).exitCode).toBe(0)
  expect(peer.calls()).not.toContain('POST /v0/apps')
})

test('what to type next is what can be typed here: npx space, where npx was typed', async () => {
  await using peer = await startFakePlatform()
  using project = createTempFolder(LINKED)
  const env = { ...asUserOf(peer), npm_command: 'exec' }
  expect((await runSpace(['push'], { cwd: project.path, env })).stdout).toContain('npx space open spaceauth')
  expect((await runSpace(['psh'], { cwd: project.path, env })).stderr).toContain(
    'Did you mean: npx space push',
  )
})

test('the log of a build cannot drive the terminal', async () => {
  await using peer = await startFakePlatform()
  peer.on('GET /v0/builds/bld_1/logs', () => ({ text: 'a\u001b]0;title\u0007b\u001b[2Jc\n' }))
  using project = createTempFolder(LINKED)
  const { stderr } = await runSpace(['push'], { cwd: project.path, env: asUserOf(peer) })
  expect(stderr).toContain('│ abc\n')
})

test('a log line that ends the connection early is waited out by asking again', async () => {
  await using peer = await startFakePlatform()
  const statuses = ['running', 'running', 'complete']
  peer.on('GET /v0/builds/bld_1', () => ({
    json: { ...FAKE_BUILD, status: statuses.shift(), exposure: NO_EXPOSURE },
  }))
  using project = createTempFolder(LINKED)
  expect(await runSpace(['push'], { cwd: project.path, env: asUserOf(peer) })).toMatchObject({ exitCode: 0 })
})

test('a change that was signed in the same second as its twin is signed again', async () => {
  await using peer = await startFakePlatform()
  const seen = new Set<unknown>()
  peer.on('POST /v0/builds', ({ headers }) => {
    const isFirst = seen.size === 0
    seen.add(headers['x-deta-signature'])
    return isFirst
      ? {
          status: 401,
          json: { errors: ['received already'], detail: 'received already', code: 'unauthorized' },
        }
      : { status: 202, json: { id: 'bld_1' } }
  })
  using project = createTempFolder(LINKED)
  expect((await runSpace(['push'], { cwd: project.path, env: asUserOf(peer) })).exitCode).toBe(0)
  expect(seen.size).toBe(2)
})

test('a clock that is wrong by a day still signs rightly', async () => {
  await using peer = await startFakePlatform({ clockShiftSeconds: 86_400 })
  using project = createTempFolder(LINKED)
  expect(await runSpace(['push'], { cwd: project.path, env: asUserOf(peer) })).toMatchObject({ exitCode: 0 })
})

test('a link to an app that this server does not have says how to go on', async () => {
  await using peer = await startFakePlatform()
  using project = createTempFolder({ ...PROJECT, '.space/meta': '{"id":"elsewhere","name":"x","alias":""}' })
  const { exitCode, stderr } = await runSpace(['push'], { cwd: project.path, env: asUserOf(peer) })
  expect(exitCode).toBe(1)
  expect(stderr).toContain(`There is no app elsewhere on ${peer.origin}`)
  expect(stderr).toContain('space link')
})

test('--skip-logs leaves as soon as the build has begun', async () => {
  await using peer = await startFakePlatform()
  using project = createTempFolder(LINKED)
  const { stdout } = await runSpace(['push', '--skip-logs', '--json'], {
    cwd: project.path,
    env: asUserOf(peer),
  })
  expect(JSON.parse(stdout)).toMatchObject({ app: 'app_1', revision: 'dory-weyi', url: null })
  expect(peer.calls().at(-1)).toBe('GET /v0/builds/bld_1')
})

test('an icon of the right size is sent with its type, a wrong one is left out with a notice', async () => {
  await using peer = await startFakePlatform()
  const spacefile = SPACEFILE.replace('v: 0', 'v: 0\nicon: ./icon.png')
  using project = createTempFolder({ ...LINKED, Spacefile: spacefile, 'icon.png': png(512, 512) })
  const options = { cwd: project.path, env: asUserOf(peer) }
  await runSpace(['push'], options)
  const icon = peer.received.find(({ target }) => target.endsWith('/icon'))
  expect(icon?.headers['content-type']).toBe('image/png')

  project.write({ 'icon.png': png(64, 64) })
  const { stderr } = await runSpace(['push'], options)
  expect(stderr).toContain('! The icon icon.png is 64 × 64 pixels')
  expect(peer.received.filter(({ target }) => target.endsWith('/icon'))).toHaveLength(1)
})

function png(width: number, height: number): Uint8Array {
  const bytes = Buffer.alloc(33)
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes)
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

describe('a push after one of the same files', () => {
  const UNCHANGED = 'POST /v0/builds/bld_1/unchanged'
  const CODE = 'POST /v0/builds/bld_1/code'
  async function pushTwice(options: {
    args?: readonly string[]
    knows?: boolean
    change?: (dir: string) => void
  }) {
    await using peer = await startFakePlatform()
    using project = createTempFolder(LINKED)
    const push = (...args: readonly string[]) =>
      runSpace(['push', '--json', ...args], { cwd: project.path, env: asUserOf(peer) })
    await push()
    if (options.knows === false)
      peer.on(UNCHANGED, () => ({
        status: 404,
        json: { errors: ['Other code'], detail: 'Other code', code: 'not_found' },
      }))
    options.change?.(project.path)
    const { exitCode } = await push(...(options.args ?? []))
    expect(exitCode).toBe(0)
    const starts = peer.received.filter(({ target }) => /\/(code|unchanged)(\?|$)/.test(target))
    const names = peer.calls().filter((call) => call === UNCHANGED || call === CODE)
    return { names, bodies: starts.map(({ body }) => body) }
  }

  test('names the archive, and sends none', async () => {
    const { names, bodies } = await pushTwice({})
    expect(names).toEqual([CODE, UNCHANGED])
    const digest = createHash('sha256').update(bodies[0]!).digest('hex')
    expect(JSON.parse(String(bodies[1]))).toEqual({ archive_sha256: digest })
  })

  test('sends the archive to a server that runs other code', async () => {
    const { names, bodies } = await pushTwice({ knows: false })
    expect(names).toEqual([CODE, UNCHANGED, CODE])
    expect(bodies[2]!.equals(bodies[0]!)).toBe(true)
  })

  test('sends the archive after a change, and for --rebuild', async () => {
    const change = (dir: string) => writeFileSync(join(dir, 'src/index.js'), 'console.log(2)')
    expect((await pushTwice({ change })).names).toEqual([CODE, CODE])
    expect((await pushTwice({ args: ['--rebuild'] })).names).toEqual([CODE, CODE])
  })
})
