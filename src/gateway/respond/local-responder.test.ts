/** Answers of the gateway itself as they go over a socket: to clients of every kind, and to those who do not read. */
import { expect, test } from 'bun:test'
import { rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { createTestSite } from '../static/testing/test-site.ts'
import { RawClient } from '../testing/raw-client.ts'
import { HOST, SESSION, startTestGateway, type TestMicro } from '../testing/test-gateway.ts'

const HOST_LINE = `Host: ${HOST}\r\n`
const NAVIGATION = 'Sec-Fetch-Mode: navigate\r\nAccept: text/html\r\n'
/** More than any kernel keeps for a client that does not read. */
const LARGE_BYTES = 32 * 1024 * 1024

test('an answer is the same in one piece, assembled, and for HEAD', async () => {
  using site = createTestSite({ 'a.css': 'x'.repeat(20_000) })
  await using gateway = await startTestGateway({ micros: [openAt(site.root)] })
  const kept = await ask(gateway.port, `GET /a.css HTTP/1.1\r\n${HOST_LINE}`, 'x'.repeat(20_000))
  const closed = await ask(gateway.port, `GET /a.css HTTP/1.1\r\n${HOST_LINE}Connection: close\r\n`)
  const old = await ask(gateway.port, `GET /a.css HTTP/1.0\r\n${HOST_LINE}`)
  const head = await ask(gateway.port, `HEAD /a.css HTTP/1.1\r\n${HOST_LINE}Connection: close\r\n`)
  expect(kept).toStartWith('HTTP/1.1 200 OK\r\nContent-Type: text/css; charset=utf-8\r\nETag: "')
  expect(dateless(closed.replace('Connection: close\r\n', ''))).toBe(dateless(kept))
  expect(dateless(old)).toBe(dateless(closed))
  expect(dateless(head)).toBe(dateless(closed.slice(0, closed.indexOf('\r\n\r\n') + 4)))
})

test('a private answer says in one piece what it says when assembled', async () => {
  using site = createTestSite({ 'a.css': 'content' })
  await using gateway = await startTestGateway({ micros: [openAt(site.root, [])] })
  const request = `GET /a.css HTTP/1.1\r\n${HOST_LINE}Cookie: space_session=${SESSION}\r\n`
  const kept = await ask(gateway.port, request, 'content')
  const closed = await ask(gateway.port, `${request}Connection: close\r\n`)
  expect(kept).toContain('\r\nCross-Origin-Resource-Policy: same-origin\r\nX-Frame-Options: SAMEORIGIN\r\n')
  const [head, body] = closed.replace('Connection: close\r\n', '').split('\r\n\r\n')
  const [keptHead, keptBody] = kept.split('\r\n\r\n')
  expect(keptBody).toBe(body!)
  expect(linesOf(keptHead!)).toEqual(linesOf(head!))
})

test('an app’s own page for what is missing is not the 200 of its file', async () => {
  using site = createTestSite({ '404.html': 'not here' })
  await using gateway = await startTestGateway({ micros: [openAt(site.root)] })
  expect(await ask(gateway.port, `GET /404.html HTTP/1.1\r\n${HOST_LINE}`, 'not here')).toStartWith(
    'HTTP/1.1 200 OK\r\n',
  )
  const missing = await ask(gateway.port, `GET /x HTTP/1.1\r\n${HOST_LINE}${NAVIGATION}`, 'not here')
  expect(missing).toStartWith('HTTP/1.1 404 Not Found\r\n')
})

test('a client that keeps asking without reading is not answered without limit', async () => {
  using site = createTestSite({ 'a.txt': 'x'.repeat(65_536) })
  await using gateway = await startTestGateway({ micros: [openAt(site.root)] })
  using greedy = await RawClient.connect(gateway.port)
  greedy.socket.pause()
  greedy.send(`GET /a.txt HTTP/1.1\r\n${HOST_LINE}\r\n`.repeat(1000))
  // By the second answer to another client, the gateway has read the request of the first one.
  for (let i = 0; i < 2; i++)
    await ask(gateway.port, `GET /a.txt HTTP/1.1\r\n${HOST_LINE}Connection: close\r\n`)
  expect(gateway.uses.length).toBeGreaterThan(2)
  expect(gateway.uses.length).toBeLessThan(500)

  let bytes = 0
  const all = Promise.withResolvers<void>()
  greedy.socket.on('data', (piece) => {
    bytes += piece.length
    if (bytes > 1000 * 65_536 && gateway.uses.length === 1002) all.resolve()
  })
  greedy.socket.resume()
  await all.promise
})

test('a client that is refused again and again without reading is not answered without limit', async () => {
  const asked = 60_000
  await using gateway = await startTestGateway({ micros: [openAt('/nonexistent', [])] })
  using greedy = await RawClient.connect(gateway.port)
  greedy.socket.pause()
  greedy.send(`GET /a.txt HTTP/1.1\r\n${HOST_LINE}\r\n`.repeat(asked))
  // As long as the gateway takes more requests of the first client, it has answered more whenever it answers another.
  for (let answered = -1; answered !== gateway.refusals.length;) {
    answered = gateway.refusals.length
    for (let i = 0; i < 3; i++) await ask(gateway.port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n')
  }
  expect(gateway.refusals.length).toBeGreaterThan(0)
  expect(gateway.refusals.length).toBeLessThan(asked)
})

test('a large file that is removed while it is sent arrives whole', async () => {
  using site = createTestSite({ 'a.bin': '' })
  truncateSync(join(site.root, 'a.bin'), LARGE_BYTES)
  await using gateway = await startTestGateway({ micros: [openAt(site.root)] })
  using client = await startDownload(gateway.port)
  rmSync(join(site.root, 'a.bin'))
  expect(await bytesUntilEnd(client)).toBe(LARGE_BYTES)
})

test('a large file that becomes shorter while it is sent is cut, not padded and not ended', async () => {
  using site = createTestSite({ 'a.bin': '' })
  truncateSync(join(site.root, 'a.bin'), LARGE_BYTES)
  await using gateway = await startTestGateway({ micros: [openAt(site.root)] })
  using client = await startDownload(gateway.port)
  truncateSync(join(site.root, 'a.bin'), LARGE_BYTES / 2)
  expect(await bytesUntilEnd(client)).toBeLessThanOrEqual(LARGE_BYTES / 2)
})

const openAt = (root: string, publicRoutes: readonly string[] = ['/*']): TestMicro => ({
  name: 'web',
  publicRoutes,
  upstream: { kind: 'static', root, spaFallback: false },
})

/** Waits for `end`, or for the end of the connection. */
async function ask(port: number, head: string, end?: string): Promise<string> {
  using client = await RawClient.connect(port)
  client.send(`${head}\r\n`)
  return end === undefined
    ? await client.untilEnd()
    : await client.until(({ received, isClosed }) => received.endsWith(end) || isClosed)
}

const dateless = (answer: string): string => answer.replace(/Date: .*\r\n/, '')

const linesOf = (head: string): readonly string[] => dateless(`${head}\r\n`).split('\r\n').toSorted()

/** Reads the head and then no more. */
async function startDownload(port: number): Promise<RawClient> {
  const client = await RawClient.connect(port)
  client.socket.once('data', () => client.socket.pause())
  client.send(`GET /a.bin HTTP/1.1\r\n${HOST_LINE}Connection: close\r\n\r\n`)
  await client.untilReceived('\r\n\r\n')
  return client
}

/** Of the body. */
async function bytesUntilEnd(client: RawClient): Promise<number> {
  client.socket.resume()
  const answer = await client.untilEnd()
  return answer.length - answer.indexOf('\r\n\r\n') - 4
}
