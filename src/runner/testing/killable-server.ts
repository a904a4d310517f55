/** A server that a test kills: `<sandbox> <temporary folder> <app folder> <command in the background>`; prints its address as JSON. */
import { join } from 'node:path'
import { silentLogger } from '../../kernel/log.ts'
import { createLocalRunner, detectSandbox } from '../index.ts'

const [mode, dir, app, background] = process.argv.slice(2) as ['require' | 'off', string, string, string]
const runner = createLocalRunner({
  sandbox: await detectSandbox(mode),
  logsDir: join(dir, 'logs'),
  log: silentLogger,
  limits: { memoryBytes: 1 << 30 },
})
const command = `${background} & exec bun -e 'Bun.serve({ port: process.env.PORT, fetch: () => new Response() })'`
const spec = {
  process: { instanceId: 'inst_1', micro: 'web', buildId: 'bld_1', run: 0 },
  dir: app,
  command,
  ownHost: null,
  env: {},
}
const result = await runner.ensureRunning(spec)
if (result.kind === 'failed') throw new Error(`${result.message}\n${result.logTail}`)
process.stdout.write(`${JSON.stringify(result.address)}\n`)
