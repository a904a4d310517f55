/**
 * What the sandbox adds to the start of a micro: a server of one file, started by hand and by the runner, to
 * the first answer. Interleaved; the medians count. `bun bench/runtime.ts [rounds] [folder of an app] [command]`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UpstreamAddress } from '../src/directory/index.ts'
import { silentLogger } from '../src/kernel/log.ts'
import { createLocalRunner, detectSandbox, type Sandbox } from '../src/runner/index.ts'
import { fetchAt } from '../src/runner/testing/fetch-at.ts'
import { accepts, freePort } from './support/start-by-hand.ts'

const [rounds = '20', givenDir, givenCommand] = process.argv.slice(2)
const tempDir = mkdtempSync(join(tmpdir(), 'bench-runtime-'))
const SERVER = `require('node:http').createServer((_, res) => res.end('hello')).listen(process.env.PORT)`

const dir = givenDir ?? join(tempDir, 'app')
const command = givenCommand ?? 'node index.js'
if (!givenDir) {
  mkdirSync(dir, { mode: 0o755 })
  writeFileSync(join(dir, 'index.js'), SERVER)
}

const times = new Map<string, number[]>()
try {
  const sandbox = await detectSandbox('auto')
  process.stdout.write(`${sandbox.summary}\n${command}\n\n`)
  for (let round = 0; round < Number(rounds); round++) {
    await measure('by hand', startByHand)
    await measure('plain process', await byRunner('off', round))
    if (sandbox.kind === 'sandboxed') await measure('sandbox', await byRunner(sandbox, round))
  }
  printTable()
} finally {
  rmSync(tempDir, { recursive: true })
}

type Started = { readonly address: UpstreamAddress; readonly stop: () => Promise<unknown> }

async function measure(name: string, start: () => Promise<Started>): Promise<void> {
  const startedAt = performance.now()
  const { address, stop } = await start()
  await (await fetchAt(address)).text()
  times.set(name, [...(times.get(name) ?? []), performance.now() - startedAt])
  await stop()
}

/** As a person would in a shell, but looking for the port every millisecond. */
async function startByHand(): Promise<Started> {
  const port = await freePort()
  const child = Bun.spawn({
    cmd: ['/bin/sh', '-c', `exec ${command}`],
    cwd: dir,
    env: { PATH: Bun.env.PATH, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  while (!(await accepts(port))) await Bun.sleep(1)
  return {
    address: { host: '127.0.0.1', port },
    stop: () => {
      child.kill()
      return child.exited
    },
  }
}

async function byRunner(mode: 'off' | Sandbox, round: number): Promise<() => Promise<Started>> {
  const sandbox = mode === 'off' ? await detectSandbox('off') : mode
  return async () => {
    const runner = createLocalRunner({ sandbox, logsDir: join(tempDir, 'logs'), log: silentLogger })
    const process = { instanceId: 'bench', micro: 'web', buildId: 'bld_bench', run: round }
    const spec = { process, dir, command, ownHost: null, env: {} }
    const result = await runner.ensureRunning(spec)
    if (result.kind === 'failed') throw new Error(`${result.message}\n${result.logTail}`)
    return { address: result.address, stop: () => runner.stopAll() }
  }
}

function printTable(): void {
  const base = median(times.get('by hand')!)
  process.stdout.write(`${'to the first answer'.padEnd(22)}median ms   worst ms   added ms   ratio\n`)
  for (const [name, values] of times) {
    const columns = [median(values), Math.max(...values), median(values) - base].map((value) =>
      value.toFixed(1).padStart(9),
    )
    process.stdout.write(
      `${name.padEnd(20)}${columns.join('  ')}  ${(median(values) / base).toFixed(2).padStart(6)}\n`,
    )
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
