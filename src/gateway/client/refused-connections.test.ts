/** A client beyond the bound of connections learns why, and the operator reads it in the log. */
import { expect, test } from 'bun:test'
import { createLogger } from '../../kernel/log.ts'
import { firstNotLate } from '../../kernel/testing/until.ts'
import { requestHead, startOpenApp } from '../testing/open-app.ts'
import { SOON } from '../testing/test-gateway.ts'

const GET = requestHead('GET /')

const full = (limits = {}, more = {}) =>
  startOpenApp(undefined, { limits: { connectionsPerClient: 1, refusedMs: 60_000, ...limits }, ...more })

test('a request on a connection too many is answered, and its connection closed', async () => {
  await using app = await full()
  const second = await app.connect()
  second.send(GET)
  const answer = await second.untilEnd()
  expect(answer).toStartWith('HTTP/1.1 503 ')
  expect(answer).toContain('Connection: close\r\n')
  expect(answer).toContain('Retry-After: 5\r\n')
  expect(answer).toContain('"code":"too_many_connections"')
  expect(app.upstream.heads).toEqual([])
  app.client.send(GET)
  expect(await app.client.untilReceived('ok')).toStartWith('HTTP/1.1 200')
})

test('a browser is shown a page', async () => {
  await using app = await full()
  const second = await app.connect()
  second.send(GET.replace('\r\n\r\n', '\r\nAccept: text/html\r\n\r\n'))
  expect(await second.untilEnd()).toContain('<title>Too many connections')
})

test('the answer arrives although the client sends a large body', async () => {
  await using app = await full()
  const second = await app.connect()
  second.send(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n${'x'.repeat(5_000_000)}`)
  expect(await second.untilEnd()).toContain('too_many_connections')
})

test('HEAD is answered without a body', async () => {
  await using app = await full()
  const second = await app.connect()
  second.send(GET.replace('GET', 'HEAD'))
  expect(await second.untilEnd()).toEndWith('\r\n\r\n')
})

test('few are answered at a time, and the others are reset', async () => {
  await using app = await full({ refusedConnections: 1 })
  const answered = await app.connect()
  const cut = await app.connect()
  await cut.until(({ isClosed }) => isClosed)
  expect(cut.received).toBe('')
  answered.send(GET)
  expect(await answered.untilEnd()).toStartWith('HTTP/1.1 503 ')
})

test('one that asks nothing is cut after a moment, and its place is free again', async () => {
  await using app = await full({ ...SOON, refusedConnections: 1, refusedMs: 20 })
  const silent = await app.connect()
  await silent.until(({ isClosed }) => isClosed)
  const ask = async () => {
    const next = await app.connect()
    next.send(GET)
    return await next.untilEnd()
  }
  const answer = await firstNotLate('the next one asks in time', ask, (text) => text === '')
  expect(answer).toStartWith('HTTP/1.1 503 ')
})

test('the log has one line for all of them, with their network', async () => {
  const lines: string[] = []
  const isLogged = Promise.withResolvers<void>()
  const log = createLogger('gateway', 'warn', (line) => {
    lines.push(line)
    isLogged.resolve()
  })
  await using app = await full({ sweepMs: 200 }, { log })
  const refused = await Promise.all([app.connect(), app.connect(), app.connect()])
  for (const client of refused) client.send(GET)
  for (const client of refused) await client.untilEnd()
  await isLogged.promise
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('connections refused: too many are open')
  expect(lines[0]).toMatch(/network=127\.0\.0\.1 .*max_connections_per_client=1/)
})
