import { describe, expect, test } from 'bun:test'
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createBuildRunner } from './build-command.ts'
import { pickBuildEnvironment } from './process/environment.ts'
import { detectSandbox } from './sandbox/detect.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import { openSandboxHarness, wallsOrSkip, type SandboxHarness } from '../testing/sandbox-harness.ts'
import type { BuildCommand, BuildRunnerOptions } from '../types.ts'

const walls = await wallsOrSkip()
const sandboxes: [string, Sandbox][] = [
  ...(walls ? [['behind walls', walls] as [string, Sandbox]] : []),
  ['as a plain process', await detectSandbox('off')],
]

async function build(
  bench: SandboxHarness,
  sandbox: Sandbox,
  script: string,
  changes: Partial<BuildCommand> & { options?: Partial<BuildRunnerOptions> } = {},
) {
  const lines: string[] = []
  const run = createBuildRunner({ sandbox, ...changes.options })
  const result = await run({
    script,
    dir: bench.folder('work'),
    cacheDir: join(bench.dir, 'cache'),
    env: {},
    timeoutMs: 20_000,
    onLine: (line) => void lines.push(line),
    ...changes,
  })
  return { result, lines }
}

describe.each(sandboxes)('a build %s', (_, sandbox) => {
  test('writes into its folder and its cache', async () => {
    using bench = openSandboxHarness()
    const cacheDir = join(bench.dir, 'cache')
    const { result, lines } = await build(
      bench,
      sandbox,
      `mkdir -p a && cd a\necho made > made\necho kept > ${cacheDir}/kept; pwd`,
    )
    expect(result).toEqual({ kind: 'ok' })
    expect(lines.join()).toEndWith('/a')
    expect(readFileSync(join(bench.dir, 'work/a/made'), 'utf8')).toBe('made\n')
    const again = await build(bench, sandbox, `cat ${cacheDir}/kept`)
    expect(again.lines).toEqual(['kept'])
  })

  test('may change what the server put there', async () => {
    using bench = openSandboxHarness()
    bench.folder('work/deep', { 'package.json': '{}' })
    const { result } = await build(bench, sandbox, 'echo changed > deep/package.json && rm -r deep')
    expect(result).toEqual({ kind: 'ok' })
  })

  test('hands on exit code and output', async () => {
    using bench = openSandboxHarness()
    const { result, lines } = await build(bench, sandbox, 'echo out; echo err >&2; printf unfinished; exit 3')
    expect(result).toEqual({
      kind: 'failed',
      fault: 'user',
      exitCode: 3,
      message: 'exited with code 3',
      hint: null,
    })
    expect(lines.toSorted()).toEqual(['err', 'out', 'unfinished'])
  })

  test('that takes too long is ended with all it started', async () => {
    using bench = openSandboxHarness()
    const { result } = await build(bench, sandbox, 'trap "" TERM; sleep 600 & sleep 600', {
      timeoutMs: 200,
      options: { limits: { stopGraceMs: 50 } },
    })
    expect(result).toMatchObject({ kind: 'failed', exitCode: null, message: 'took longer than 0.2 s' })
  })

  test('is ended at once when it has to stop, whatever it says', async () => {
    using bench = openSandboxHarness()
    const { result } = await build(bench, sandbox, 'trap "" TERM; sleep 600 & sleep 600', {
      stopWhen: async () => true,
    })
    expect(result).toMatchObject({ kind: 'failed', exitCode: null, message: 'was stopped' })
  })

  test('ends with the server, by no fault of the app', async () => {
    using bench = openSandboxHarness()
    const server = new AbortController()
    const options = { signal: server.signal, onLine: () => server.abort() }
    const { result } = await build(bench, sandbox, 'echo begun; trap "" TERM; sleep 600', options)
    expect(result).toMatchObject({ kind: 'failed', fault: 'system', message: 'the server is stopping' })
    const { result: late } = await build(bench, sandbox, 'exit 0', { signal: server.signal })
    expect(late).toMatchObject({ kind: 'failed', fault: 'system' })
  })

  test('that cannot be watched does not run on', async () => {
    using bench = openSandboxHarness()
    const { result } = await build(bench, sandbox, 'sleep 600', {
      stopWhen: () => Promise.reject(new Error('no look')),
    })
    expect(result).toMatchObject({ kind: 'failed', message: 'was stopped' })
  })

  test('that never stops talking keeps its first lines and its last', async () => {
    using bench = openSandboxHarness()
    const { lines } = await build(bench, sandbox, 'seq 1 100000; echo the reason')
    expect(lines.length).toBeLessThan(20_100)
    expect(lines[0]).toBe('1')
    expect(lines.at(-1)).toBe('the reason')
  })

  test('knows the settings of this machine and its own, nothing else', async () => {
    using bench = openSandboxHarness()
    const { lines } = await build(bench, sandbox, 'env', {
      env: { OWN: '1' },
      options: { buildEnvironment: pickBuildEnvironment({ npm_config_registry: 'http://r', SECRET: 'x' }) },
    })
    const names = lines.map((line) => line.split('=')[0]!)
    expect(names).toContain('OWN')
    expect(lines).toContain('npm_config_registry=http://r')
    expect(
      names.filter(
        (name) =>
          !/^(OWN|npm_config_registry|npm_config_update_notifier|HOME|PATH|TMPDIR|LANG|PWD|OLDPWD|SHLVL|_)$/.test(
            name,
          ),
      ),
    ).toEqual([])
  })
})

describe.skipIf(!walls)('a build behind walls', () => {
  test('writes no file larger than its bound', async () => {
    using bench = openSandboxHarness()
    const { result } = await build(bench, walls!, 'exec head -c 3000000 /dev/zero > big', {
      maxFileBytes: 1_000_000,
    })
    expect(result).toMatchObject({ kind: 'failed', message: 'wrote a file larger than 1 MB' })
    expect((await Bun.file(join(bench.dir, 'work/big')).stat()).size).toBe(1_000_000)
  })

  test('reads the certificate file that a setting names, and none beside it', async () => {
    using bench = openSandboxHarness()
    const certificates = bench.folder('etc', { 'ca.pem': 'CERTIFICATE', 'ca.key': 'SECRET' })
    const ca = join(certificates, 'ca.pem')
    const { lines } = await build(bench, walls!, 'cat $NODE_EXTRA_CA_CERTS; ls ${NODE_EXTRA_CA_CERTS%/*}', {
      options: { buildEnvironment: { NODE_EXTRA_CA_CERTS: ca } },
    })
    expect(lines).toEqual(['CERTIFICATEca.pem'])
  })

  test('writes nowhere else and reads no other cache', async () => {
    using bench = openSandboxHarness()
    const other = bench.folder('other-cache', { secret: 'TREASURE' })
    const { lines } = await build(
      bench,
      walls!,
      `cat ${other}/secret 2>/dev/null; echo x > ${other}/climb; true`,
    )
    expect(lines.join()).not.toContain('TREASURE')
    expect(existsSync(join(other, 'climb'))).toBe(false)
  })

  test('cannot make the server change the owner of a file outside by a link', async () => {
    using bench = openSandboxHarness()
    const victim = join(bench.dir, 'victim')
    writeFileSync(victim, '', { mode: 0o600 })
    await build(bench, walls!, `ln -s ${victim} link; ln -s ${bench.dir} folder`)
    await build(bench, walls!, 'true')
    const { uid } = await Bun.file(victim).stat()
    expect(uid).toBe(process.getuid!())
  })

  test.each(['dir', 'cacheDir'] as const)('is refused when its %s has become a link', async (place) => {
    using bench = openSandboxHarness()
    const treasure = bench.folder('treasure', { secret: 'TREASURE' })
    const link = join(bench.dir, 'link')
    symlinkSync(treasure, link)
    const { result, lines } = await build(bench, walls!, 'cat secret; touch climb', { [place]: link })
    expect(result).toMatchObject({ kind: 'failed', message: expect.stringContaining('is not a folder') })
    expect(lines).toEqual([])
    expect(await Bun.file(join(treasure, 'secret')).stat()).toMatchObject({ uid: process.getuid!() })
  })

  test("has its own network: the host's loopback is not there", async () => {
    using bench = openSandboxHarness()
    let connections = 0
    const server = createServer(() => void (connections += 1))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { lines } = await build(
      bench,
      walls!,
      `(exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null && echo REACHED; true`,
    )
    server.close()
    expect(lines).toEqual([])
    expect(connections).toBe(0)
  })
})

test('without the sandbox it requires, nothing is built', async () => {
  using bench = openSandboxHarness()
  const sandbox: Sandbox = { kind: 'refused', available: false, summary: 'Not installed: passt.' }
  const { result } = await build(bench, sandbox, 'touch ran')
  expect(result).toEqual({
    kind: 'failed',
    fault: 'system',
    exitCode: null,
    message: 'Not installed: passt.',
    hint: null,
  })
})
