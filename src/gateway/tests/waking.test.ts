import { describe, expect, test } from 'bun:test'
import type { WakeResult } from '../../directory/index.ts'
import { RawClient } from '../testing/raw-client.ts'
import { always, OK, startRawUpstream } from '../testing/raw-upstream.ts'
import { HOST, startTestGateway } from '../testing/test-gateway.ts'

const NAVIGATION = 'Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nAccept: text/html\r\n'

/** A gateway before an app that wakes when the test says so. */
async function startSleeper(wakePageMs: number) {
  const upstream = await startRawUpstream(always(OK))
  const woken = Promise.withResolvers<WakeResult>()
  const gateway = await startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/*'], upstream: { kind: 'process', address: null } }],
    limits: { wakePageMs },
    wake: () => woken.promise,
  })
  return {
    gateway,
    upstream,
    ready: () => woken.resolve({ kind: 'ready', address: { host: '127.0.0.1', port: upstream.port } }),
    async [Symbol.asyncDispose]() {
      await gateway.close()
      await upstream[Symbol.asyncDispose]()
    },
  }
}

const send = (client: RawClient, line: string, fields: string) =>
  client.send(`${line} HTTP/1.1\r\nHost: ${HOST}\r\n${fields}\r\n`)

describe('while an app wakes', () => {
  test('a person sees so, on a page that comes back by itself', async () => {
    await using sleeper = await startSleeper(1)
    using client = await RawClient.connect(sleeper.gateway.port)
    send(client, 'GET /notes', NAVIGATION)
    const page = await client.untilReceived('</html>')
    expect(page).toStartWith('HTTP/1.1 503 Service Unavailable\r\n')
    expect(page).toContain('\r\nRetry-After: 1\r\n')
    expect(page).toContain('<meta http-equiv="refresh" content="1">')
    expect(page).toContain('Notes is starting')
    sleeper.ready()
    send(client, 'GET /notes', NAVIGATION)
    await client.untilReceived('\r\n\r\nok')
    expect(sleeper.upstream.heads).toHaveLength(1)
  })

  test('a person sees no waiting page when the app starts quickly', async () => {
    await using sleeper = await startSleeper(60_000)
    using client = await RawClient.connect(sleeper.gateway.port)
    send(client, 'GET /notes', NAVIGATION)
    sleeper.ready()
    expect(await client.untilReceived('ok')).toBe(OK)
  })

  test.each([
    ['a program', 'GET /', 'Accept: */*\r\n'],
    ['a script of a page', 'GET /', 'Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\nAccept: text/html\r\n'],
    ['a form that is sent', 'POST /', `${NAVIGATION}Content-Length: 0\r\n`],
    ['a navigation with a body', 'GET /', `${NAVIGATION}Content-Length: 1\r\n\r\nx`],
  ])('%s waits', async (_, line, fields) => {
    await using sleeper = await startSleeper(1)
    using client = await RawClient.connect(sleeper.gateway.port)
    using person = await RawClient.connect(sleeper.gateway.port)
    send(client, line, fields)
    send(person, 'GET /', NAVIGATION)
    // Later requests have been answered with the page by now.
    await person.untilReceived('</html>')
    expect(client.received).toBe('')
    sleeper.ready()
    expect(await client.untilReceived('ok')).toStartWith('HTTP/1.1 200 OK\r\n')
  })
})
