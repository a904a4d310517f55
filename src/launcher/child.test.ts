import { describe, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '../kernel/log.ts'
import { startChild } from './child.ts'

const PONG = 'process.on("message", () => process.send({ kind: "pong" }));'
const READY = 'process.send({ kind: "ready", setupCode: "CODE-1" });'

/** A child that runs `script`; `start` is the number of this start, from 1. */
function startScript(script: string, hangAfterMs = 2_000) {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-child-'))
  const lines = { text: '', listeners: new Set<() => void>() }
  const log = createLogger('test', 'error', (line) => {
    lines.text += line
    for (const look of lines.listeners) look()
  })
  const count = `const fs = require("node:fs"); fs.appendFileSync("${folder}/starts", "x");
    const start = fs.readFileSync("${folder}/starts").length; setInterval(() => {}, 60_000);`
  const child = startChild({
    role: 'platform',
    command: [process.execPath, '-e', count + script],
    env: (before) => ({ CODE: before?.setupCode ?? 'none' }),
    log,
    grace: { stopMs: 15_000, retireMs: 75_000 },
    hangAfterMs,
  })
  return {
    child,
    folder,
    starts: () => readFileSync(join(folder, 'starts')).length,
    logged: (words: string, times = 1) =>
      new Promise<void>((resolve) => {
        const look = () => lines.text.split(words).length > times && resolve()
        lines.listeners.add(look)
        look()
      }),
    async [Symbol.asyncDispose]() {
      await child.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

describe('a child', () => {
  test('that is stopped by a signal is killed and restarted', async () => {
    await using run = startScript(`${PONG} ${READY} if (start === 1) process.kill(process.pid, "SIGSTOP")`)
    await run.child.ready
    await run.logged('does not respond')
    await run.logged('signal=SIGKILL')
  })

  test('whose event loop does not turn is killed', async () => {
    await using run = startScript(`${PONG} ${READY} if (start === 1) setTimeout(() => { for (;;); })`)
    await run.logged('signal=SIGKILL')
  })

  test('that answers stays, however often it is asked', async () => {
    const after = 'setTimeout(() => process.exit(7), 8_000)'
    await using run = startScript(`${PONG} ${READY} if (start === 1) ${after}`, 5_000)
    await run.logged('exitCode=7')
    expect(run.starts()).toBe(1)
  })

  test('that ends is restarted with growing delays, also when a restart fails with a reason', async () => {
    const fail = 'process.send({ kind: "failed", message: "no space" }); process.exit(1)'
    await using run = startScript(`if (start > 1) { ${fail} }; ${READY} process.exit(3)`)
    await run.child.ready
    await run.logged('reason="no space"', 3)
    await run.logged('restartInMs=800')
  })

  test('is given what it said at its first start', async () => {
    const say = 'process.send({ kind: "failed", message: process.env.CODE })'
    await using run = startScript(`if (start > 1) { ${say} }; ${READY} process.exit(1)`)
    await run.logged('reason=CODE-1')
  })
})

describe('a first start', () => {
  test('that fails with a reason is not tried again', async () => {
    await using run = startScript('process.send({ kind: "failed", message: "no port" }); process.exit(1)')
    await expect(run.child.ready).rejects.toThrow('no port')
    expect(run.starts()).toBe(1)
  })

  test('that ends without a reason is tried a few times', async () => {
    await using run = startScript('process.exit(1)')
    await expect(run.child.ready).rejects.toThrow('keeps ending')
    expect(run.starts()).toBe(6)
  })

  test('is over when the child is stopped between two attempts', async () => {
    const run = startScript('process.exit(1)')
    await run.logged('restartInMs=400')
    await run.child.stop()
    const before = run.starts()
    await run[Symbol.asyncDispose]()
    expect(before).toBe(3)
  })
})
