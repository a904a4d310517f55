import { describe, expect, test } from 'bun:test'
import { chmodSync } from 'node:fs'
import { until } from '../../kernel/testing/until.ts'
import type { ProvideTools } from '../port.ts'
import { fetchAt } from '../testing/fetch-at.ts'
import {
  processOf,
  requireFailed,
  requireReady,
  sandboxes,
  setUp,
  specOf,
} from '../testing/runner-harness.ts'
import { type SandboxHarness, openSandboxHarness } from '../testing/sandbox-harness.ts'

/** Provides a program `greet` that starts the app, and counts how many micros hold it. */
function greeter(harness: SandboxHarness) {
  const dir = harness.folder('tools/greet-1.0.0', { 'bin/greet': '#!/bin/sh\nexec bun app.ts\n' })
  chmodSync(`${dir}/bin/greet`, 0o755)
  const state = { held: 0, asked: [] as string[] }
  const provideTools: ProvideTools = async (names) => {
    state.asked.push(...names)
    state.held++
    return { tools: [{ name: 'greet-1.0.0', dir }], [Symbol.dispose]: () => void state.held-- }
  }
  return { state, provideTools }
}

describe.each(sandboxes)('a micro with tools, %s', (_, sandbox) => {
  test('runs them, and holds them until it has exited', async () => {
    using harness = openSandboxHarness()
    const { state, provideTools } = greeter(harness)
    await using runner = setUp(harness, sandbox, { provideTools })
    const spec = specOf(harness, 'echo', { command: 'greet', tools: ['greet-1.0.0'] })
    const address = await requireReady(await runner.ensureRunning(spec))
    expect((await fetchAt(address)).status).toBe(200)
    expect(state).toEqual({ held: 1, asked: ['greet-1.0.0'] })
    await runner.stop(spec.process)
    await until('the tools are free', () => state.held === 0)
  })

  test('does not start without them, and says which are missing', async () => {
    using harness = openSandboxHarness()
    const provideTools = () => Promise.reject(new Error('Node 18.20.8 cannot be fetched'))
    await using runner = setUp(harness, sandbox, { provideTools })
    const spec = specOf(harness, 'echo', { tools: ['node-18.20.8'] })
    const failed = await requireFailed(runner.ensureRunning(spec))
    expect(failed).toMatchObject({ reason: 'refused', message: 'Node 18.20.8 cannot be fetched' })
  })

  test('that does not start holds nothing', async () => {
    using harness = openSandboxHarness()
    const { state, provideTools } = greeter(harness)
    await using runner = setUp(harness, sandbox, { provideTools })
    const spec = specOf(harness, 'echo', { command: 'exit 3', tools: ['greet-1.0.0'] })
    await requireFailed(runner.ensureRunning(spec))
    await until('the tools are free', () => state.held === 0)
    expect(runner.status(processOf('echo'))).toBe('crashed')
  })
})
