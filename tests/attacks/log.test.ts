/** ATTACKS G: requests of strangers cannot fill the server's log or inject text into it. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { LINES_A_MINUTE } from '../../src/kernel/log.ts'
import { RawClient } from '../../src/gateway/testing/raw-client.ts'
import { type TestServer, startTestServer } from '../support/server.ts'
import { head } from './support/attack-harness.ts'

let server: TestServer
beforeAll(async () => void (server = await startTestServer()))
afterAll(async () => await server?.[Symbol.asyncDispose]())

const logLines = () => server.output().match(/^\d{4}-.*$/gm) ?? []

async function send(...lines: readonly string[]): Promise<string> {
  using client = await RawClient.connect(server.port)
  client.send(head(...lines, `Host: space.localhost:${server.port}`, 'Connection: close'))
  return await client.untilEnd()
}

test('a hundred requests with unknown methods are a few lines', async () => {
  const before = logLines().length
  for (let i = 0; i < 100; i++) await send(`FOO /api/v0/status?token=secret${i} HTTP/1.1`, 'X-Odd: secret')
  expect(logLines().length - before).toBeLessThanOrEqual(LINES_A_MINUTE)
  expect(server.output()).not.toContain('secret')
})

test('a client that disconnects in the middle of a body is not logged as an error', async () => {
  const before = logLines()
  for (let i = 0; i < 10; i++) {
    using client = await RawClient.connect(server.port)
    const fields = ['Content-Type: application/json', 'Content-Length: 100']
    const line = 'POST /api/v0/session HTTP/1.1'
    client.send(`${head(line, `Host: space.localhost:${server.port}`, ...fields)}{"password":"secret`)
  }
  // Answered after those: by then the platform has seen the clients disconnect.
  expect(await send('GET /api/v0/status HTTP/1.1')).toContain('"setup"')
  expect(logLines()).toEqual(before)
  expect(server.output()).not.toContain('secret')
})
