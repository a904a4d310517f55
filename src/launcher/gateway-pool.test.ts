import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '../kernel/log.ts'
import { type Child, startChild } from './child.ts'
import { createGatewayPool } from './gateway-pool.ts'

const READY =
  'process.on("SIGTERM", () => process.exit()); process.on("SIGUSR2", () => {}); process.send({ kind: "ready" })'
const NEVER_READY = 'process.stdin.resume()'

function startNursery(script = READY) {
  const alive = new Set<Child>()
  const retired = new Set<Child>()
  const launch = (): Child => {
    const child = startChild({
      grace: { stopMs: 15_000, retireMs: 75_000 },
      role: 'gateway',
      command: [process.execPath, '-e', `setInterval(() => {}, 60_000); ${script}`],
      env: () => ({}),
      log: createLogger('test', 'silent'),
      hangAfterMs: 60_000,
    })
    const watched: Child = {
      ...child,
      stop: () => child.stop().then(() => void alive.delete(watched)),
      retire: () => {
        alive.delete(watched)
        retired.add(watched)
        return child.retire().then(() => void retired.delete(watched))
      },
    }
    alive.add(watched)
    return watched
  }
  return { alive, retired, gateways: createGatewayPool(2, launch) }
}

test('a reload puts new gateways in the place of the old ones, which end in their own time or with the server', async () => {
  const { alive, retired, gateways } = startNursery()
  await gateways.start()
  const before = [...alive]
  await gateways.reload()
  expect(alive.size).toBe(2)
  expect(before.some((child) => alive.has(child))).toBe(false)
  expect(retired.size).toBe(2)
  await gateways.stop()
  expect(alive.size).toBe(0)
  expect(retired.size).toBe(0)
})

test('two reloads at once leave no gateway behind', async () => {
  const { alive, gateways } = startNursery()
  await gateways.start()
  await Promise.all([gateways.reload(), gateways.reload()])
  expect(alive.size).toBe(2)
  await gateways.stop()
  expect(alive.size).toBe(0)
})

test('a reload whose new gateway cannot start keeps those that are there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-gateways-'))
  const isThird = `require("node:fs").appendFileSync("${folder}/starts", "x");
    if (require("node:fs").statSync("${folder}/starts").size === 3) {
      process.send({ kind: "failed", message: "no certificate" }); process.exit(1) }`
  const { retired, gateways } = startNursery(`${isThird}; ${READY}`)
  await gateways.start()
  await expect(gateways.reload()).rejects.toThrow('no certificate')
  expect(retired.size).toBe(0)
  await gateways.reload()
  expect(retired.size).toBe(2)
  await gateways.stop()
  rmSync(folder, { recursive: true })
})

test('a stop ends gateways that are still starting, and lets none begin after it', async () => {
  const { alive, gateways } = startNursery(NEVER_READY)
  void gateways.start().catch(() => {})
  expect(alive.size).toBe(2)
  await gateways.stop()
  expect(alive.size).toBe(0)
  await expect(gateways.start()).rejects.toThrow('stopping')
  expect(alive.size).toBe(0)
})
