import { join } from 'node:path'
import type { UpstreamAddress } from '../../directory/index.ts'
import { silentLogger } from '../../kernel/log.ts'
import { createLocalRunner } from '../local/local-runner.ts'
import type { LocalRunnerOptions } from '../local/options.ts'
import { detectSandbox } from '../local/sandbox/detect.ts'
import type { Sandbox } from '../local/sandbox/sandbox.ts'
import type { MicroProcessSpec } from '../micro-spec.ts'
import type { StartResult } from '../port.ts'
import type { ProcessRef } from '../process-ref.ts'
import { APPS } from './apps.ts'
import { fetchAt } from './fetch-at.ts'
import { type SandboxHarness, sandboxOrSkip } from './sandbox-harness.ts'

export const sandboxed = await sandboxOrSkip()
/** For tests that hold with and without a sandbox. */
export const sandboxes: [string, Sandbox][] = [
  ...(sandboxed ? [['in a sandbox', sandboxed] as [string, Sandbox]] : []),
  ['without a sandbox', await detectSandbox('off')],
]

export const LIMITS = { memoryBytes: 1 << 30, stopGraceMs: 2_000, startTimeoutMs: 20_000 }

export function setUp(harness: SandboxHarness, sandbox: Sandbox, options: Partial<LocalRunnerOptions> = {}) {
  const logsDir = join(harness.dir, 'logs')
  return createLocalRunner({ sandbox, logsDir, log: silentLogger, limits: LIMITS, ...options })
}

export const processOf = (micro: string): ProcessRef => ({
  instanceId: 'inst_1',
  micro,
  buildId: 'bld_1',
  run: 0,
})

export function specOf(
  harness: SandboxHarness,
  app: keyof typeof APPS,
  changes: Partial<MicroProcessSpec> = {},
) {
  const dir = harness.folder(app, { 'app.ts': APPS[app] })
  const spec = {
    process: processOf(app),
    dir,
    command: 'bun app.ts',
    ownHost: null,
    env: {},
  }
  return { ...spec, ...changes }
}

export async function requireReady(result: StartResult) {
  if (result.kind === 'failed') throw new Error(`${result.reason}: ${result.message}\n${result.logTail}`)
  return result.address
}

export async function requireFailed(result: Promise<StartResult>) {
  const failed = await result
  if (failed.kind === 'ready') throw new Error('it started')
  return failed
}

export const isAnswered = (address: UpstreamAddress) =>
  fetchAt(address).then(
    () => true,
    () => false,
  )
