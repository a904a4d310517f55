import { describe, expect, test } from 'bun:test'
import { getPriority } from 'node:os'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createBuildRunner } from '../build-command.ts'
import { inside, start } from '../../testing/inside.ts'
import {
  type ActiveSandbox,
  type SandboxHarness,
  openSandboxHarness,
  sandboxOrSkip,
} from '../../testing/sandbox-harness.ts'

const sandboxed = (await sandboxOrSkip())!
const cpuDir = sandboxed?.host.cgroups?.cpuDir ?? null
const PATH = '/usr/bin:/bin'

async function build(
  sandbox: ActiveSandbox,
  harness: SandboxHarness,
  script: string,
  onLine: (line: string) => void,
) {
  const run = createBuildRunner({ sandbox })
  const folders = { dir: harness.folder('work'), cacheDir: harness.folder('cache') }
  expect(await run({ ...folders, script, env: { PATH }, timeoutMs: 60_000, onLine })).toEqual({ kind: 'ok' })
}

describe.skipIf(cpuDir === null)('with control groups', () => {
  const file = sandboxed?.host.cgroups?.version === 2 ? 'cpu.weight' : 'cpu.shares'
  const weights = () =>
    readdirSync(cpuDir!)
      .filter((name) => name.startsWith(`${process.pid}-`))
      .map((owner) => Number(readFileSync(join(cpuDir!, owner, file), 'latin1')))
      .toSorted((a, b) => a - b)

  test('a build has a fifth of the share of an app, and the groups of both are removed', async () => {
    using harness = openSandboxHarness()
    {
      await using _app = await start(sandboxed, { dir: harness.folder('app'), script: 'sleep 600' })
      const seen: number[][] = []
      await build(sandboxed, harness, 'echo here', () => seen.push(weights()))
      const [[ofBuild, ofApp] = []] = seen
      expect(ofApp! / ofBuild!).toBeCloseTo(5, 1)
    }
    expect(weights()).toEqual([])
  })

  test('a new session does not get another share', async () => {
    using harness = openSandboxHarness()
    await using app = await start(sandboxed, {
      dir: harness.folder('app'),
      script: 'for at in 1 2 3; do setsid sleep 600 & done; echo begun; wait',
    })
    await app.stdout.getReader().read()
    expect(weights()).toHaveLength(1)
  })
})

describe.skipIf(!sandboxed)('without control groups', () => {
  const open: ActiveSandbox = { ...sandboxed, host: { ...sandboxed?.host, cgroups: null } }

  test('a build has a lower priority than an app', async () => {
    using harness = openSandboxHarness()
    const lines: string[] = []
    await build(open, harness, 'nice; sed "s/.* //" /proc/self/autogroup 2>/dev/null; true', (line) =>
      lines.push(line),
    )
    const [nice, ...autogroup] = lines
    expect(nice).toBe('10')
    expect(autogroup.filter((value) => Number(value) < 10)).toEqual([])
    const { stdout } = await inside(open, { dir: harness.folder('app'), script: 'nice' })
    expect(stdout).toBe(String(getPriority()))
  })
})
