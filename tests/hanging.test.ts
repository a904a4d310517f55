/** A process of the server that hangs is replaced, and no client waits for it without an end. */
import { expect, test } from 'bun:test'
import { until } from '../src/kernel/testing/until.ts'
import { serverProcesses } from './support/processes.ts'
import { type TestServer, startTestServer } from './support/server.ts'

const ask = (server: TestServer) =>
  server.request('localhost', '/', { headers: { Accept: 'text/html' } }).then(
    async (answer) => ({ status: answer.status, text: await answer.text() }),
    () => null,
  )
const LIMIT = { withinMs: 60_000 }

test('the platform: Home answers 503 with a page, then works again', async () => {
  await using server = await startTestServer({ args: ['--hang-after', '3s'] })
  const [hung] = serverProcesses(server, 'platform')
  process.kill(hung!, 'SIGSTOP')
  const answer = await ask(server)
  expect(answer?.status).toBe(503)
  expect(answer?.text).toContain('<html')
  await until('Home works', async () => (await ask(server))?.status === 200, LIMIT)
  expect(serverProcesses(server, 'platform')).not.toContain(hung)
})

test('one of two gateways: its connections end, and every later request is answered', async () => {
  await using server = await startTestServer({ args: ['--hang-after', '3s', '--workers', '2'] })
  const gateways = serverProcesses(server, 'gateway')
  process.kill(gateways[0]!, 'SIGSTOP')
  const waiting = Promise.all(Array.from({ length: 20 }, () => ask(server)))
  expect((await waiting).some((answer) => answer?.status === 200)).toBe(true)
  await until('two gateways are there', () => serverProcesses(server, 'gateway').length === 2, LIMIT)
  expect(serverProcesses(server, 'gateway')).not.toContain(gateways[0])
  const later = await Promise.all(Array.from({ length: 20 }, () => ask(server)))
  expect(later.map((answer) => answer?.status)).toEqual(Array(20).fill(200))
})
