import { describe, expect, test } from 'bun:test'
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createBuildRunner } from './build-command.ts'
import { pickBuildEnvironment } from './process/environment.ts'
import { detectSandbox } from './sandbox/detect.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import { openSandboxHarness, sandboxOrSkip, type SandboxHarness } from '../testing/sandbox-harness.ts'
import type { BuildCommand } from '../build-spec.ts'
import type { BuildRunnerOptions } from './options.ts'

const sandboxed = await sandboxOrSkip()
const sandboxes: [string, Sandbox][] = [
  ...(sandboxed ? [['in a sandbox', sandboxed] as [string, Sandbox]] : []),
  ['without a sandbox', await detectSandbox('off')],
]

async function build(
  harness: SandboxHarness,
  sandbox: Sandbox,
  script: string,
  changes: Partial<BuildCommand> & { options?: Partial<BuildRunnerOptions> } = {},
) {
  const lines: string[] = []
  const run = createBuildRunner({ sandbox, ...changes.options })
  const result = await run({
    script,
    dir: harness.folder('work'),
    cacheDir: join(harness.dir, 'cache'),
    env: {},
    timeoutMs: 20_000,
    onLine: (line) => void lines.push(line),
    ...changes,
  })
  return { result, lines }
}

describe.each(sandboxes)('a build %s', (_, sandbox) => {
  test('writes into its folder and its cache', async () => {
    using harness = openSandboxHarness()
    const cacheDir = join(harness.dir, 'cache')
    const { result, lines } = await build(
      harness,
      sandbox,
      `mkdir -p a && cd a\necho made > made\necho kept > ${cacheDir}/kept; pwd`,
    )
    expect(result).toEqual({ kind: 'ok' })
    expect(lines.join()).toEndWith('/a')
    expect(readFileSync(join(harness.dir, 'work/a/made'), 'utf8')).toBe('made\n')
    const again = await build(harness, sandbox, `cat ${cacheDir}/kept`)
    expect(again.lines).toEqual(['kept'])
  })

  test('may change files that the server put there', async () => {
    using harness = openSandboxHarness()
    harness.folder('work/deep', { 'package.json': '{}' })
    const { result } = await build(harness, sandbox, 'echo changed > deep/package.json && rm -r deep')
    expect(result).toEqual({ kind: 'ok' })
  })

  test('reports exit code and output', async () => {
    using harness = openSandboxHarness()
    const { result, lines } = await build(
      harness,
      sandbox,
      'echo out; echo err >&2; printf unfinished; exit 3',
    )
    expect(result).toEqual({
      kind: 'failed',
      fault: 'user',
      exitCode: 3,
      message: 'exited with code 3',
      hint: null,
    })
    expect(lines.toSorted()).toEqual(['err', 'out', 'unfinished'])
  })

  test('that takes too long is killed with all its processes', async () => {
    using harness = openSandboxHarness()
    const { result } = await build(harness, sandbox, 'trap "" TERM; sleep 600 & sleep 600', {
      timeoutMs: 200,
      options: { buildLimits: { stopGraceMs: 50 } },
    })
    expect(result).toMatchObject({ kind: 'failed', exitCode: null, message: 'took longer than 0.2 s' })
  })

  test('is killed at once when it has to stop, even if it ignores SIGTERM', async () => {
    using harness = openSandboxHarness()
    const { result } = await build(harness, sandbox, 'trap "" TERM; sleep 600 & sleep 600', {
      stopWhen: async () => true,
    })
    expect(result).toMatchObject({ kind: 'failed', exitCode: null, message: 'was stopped' })
  })

  test('is killed when the server stops, without blaming the app', async () => {
    using harness = openSandboxHarness()
    const server = new AbortController()
    const options = { signal: server.signal, onLine: () => server.abort() }
    const { result } = await build(harness, sandbox, 'echo begun; trap "" TERM; sleep 600', options)
    expect(result).toMatchObject({ kind: 'failed', fault: 'system', message: 'the server is stopping' })
    const { result: late } = await build(harness, sandbox, 'exit 0', { signal: server.signal })
    expect(late).toMatchObject({ kind: 'failed', fault: 'system' })
  })

  test('that cannot be checked is stopped', async () => {
    using harness = openSandboxHarness()
    const { result } = await build(harness, sandbox, 'sleep 600', {
      stopWhen: () => Promise.reject(new Error('no look')),
    })
    expect(result).toMatchObject({ kind: 'failed', message: 'was stopped' })
  })

  test('with endless output keeps its first and last lines', async () => {
    using harness = openSandboxHarness()
    const { lines } = await build(harness, sandbox, 'seq 1 100000; echo the reason')
    expect(lines.length).toBeLessThan(20_100)
    expect(lines[0]).toBe('1')
    expect(lines.at(-1)).toBe('the reason')
  })

  test('has its own variables and the settings of this machine, and no others', async () => {
    using harness = openSandboxHarness()
    const { lines } = await build(harness, sandbox, 'env', {
      env: { OWN: '1' },
      options: { buildEnvironment: pickBuildEnvironment({ npm_config_registry: 'http://r', SECRET: 'x' }) },
    })
    const names = lines.map((line) => line.split('=')[0]!)
    expect(names).toContain('OWN')
    expect(lines).toContain('npm_config_registry=http://r')
    expect(
      names.filter(
        (name) =>
          !/^(OWN|DETA_(BASE|DRIVE)_(HOST|ROOT_ENDPOINT)|npm_config_(registry|nodedir|update_notifier)|HOME|PATH|TMPDIR|LANG|PWD|OLDPWD|SHLVL|_)$/.test(
            name,
          ),
      ),
    ).toEqual([])
  })
})

describe.skipIf(!sandboxed)('a build in a sandbox', () => {
  test('writes no file larger than its limit', async () => {
    using harness = openSandboxHarness()
    const { result } = await build(harness, sandboxed!, 'exec head -c 3000000 /dev/zero > big', {
      maxFileBytes: 1_000_000,
    })
    expect(result).toMatchObject({ kind: 'failed', message: 'wrote a file larger than 1 MB' })
    expect((await Bun.file(join(harness.dir, 'work/big')).stat()).size).toBe(1_000_000)
  })

  test('reads the certificate file that a setting names, and none beside it', async () => {
    using harness = openSandboxHarness()
    const certificates = harness.folder('etc', { 'ca.pem': 'CERTIFICATE', 'ca.key': 'SECRET' })
    const ca = join(certificates, 'ca.pem')
    const { lines } = await build(
      harness,
      sandboxed!,
      'cat $NODE_EXTRA_CA_CERTS; ls ${NODE_EXTRA_CA_CERTS%/*}',
      {
        options: { buildEnvironment: { NODE_EXTRA_CA_CERTS: ca } },
      },
    )
    expect(lines).toEqual(['CERTIFICATEca.pem'])
  })

  test('cannot write elsewhere or read another cache', async () => {
    using harness = openSandboxHarness()
    const other = harness.folder('other-cache', { secret: 'TREASURE' })
    const { lines } = await build(
      harness,
      sandboxed!,
      `cat ${other}/secret 2>/dev/null; echo x > ${other}/attack; true`,
    )
    expect(lines.join()).not.toContain('TREASURE')
    expect(existsSync(join(other, 'attack'))).toBe(false)
  })

  test('cannot make the server change the owner of a file outside by a link', async () => {
    using harness = openSandboxHarness()
    const victim = join(harness.dir, 'victim')
    writeFileSync(victim, '', { mode: 0o600 })
    await build(harness, sandboxed!, `ln -s ${victim} link; ln -s ${harness.dir} folder`)
    await build(harness, sandboxed!, 'true')
    const { uid } = await Bun.file(victim).stat()
    expect(uid).toBe(process.getuid!())
  })

  test.each(['dir', 'cacheDir'] as const)('is refused when its %s has become a link', async (place) => {
    using harness = openSandboxHarness()
    const treasure = harness.folder('treasure', { secret: 'TREASURE' })
    const link = join(harness.dir, 'link')
    symlinkSync(treasure, link)
    const { result, lines } = await build(harness, sandboxed!, 'cat secret; touch attack', { [place]: link })
    expect(result).toMatchObject({ kind: 'failed', message: expect.stringContaining('is not a folder') })
    expect(lines).toEqual([])
    expect(await Bun.file(join(treasure, 'secret')).stat()).toMatchObject({ uid: process.getuid!() })
  })

  test("has its own network: the host's loopback is not there", async () => {
    using harness = openSandboxHarness()
    let connections = 0
    const server = createServer(() => void (connections += 1))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { lines } = await build(
      harness,
      sandboxed!,
      `(exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null && echo REACHED; true`,
    )
    server.close()
    expect(lines).toEqual([])
    expect(connections).toBe(0)
  })
})

test('without the sandbox it requires, nothing is built', async () => {
  using harness = openSandboxHarness()
  const sandbox: Sandbox = { kind: 'refused', available: false, summary: 'Not installed: passt.' }
  const { result } = await build(harness, sandbox, 'touch ran')
  expect(result).toEqual({
    kind: 'failed',
    fault: 'system',
    exitCode: null,
    message: 'Not installed: passt.',
    hint: null,
  })
})
