/** Answers of apps that cannot be passed on: what the owner is shown, and what visitors are. */
import { expect, test } from 'bun:test'
import { requestHead } from '../testing/open-app.ts'
import { always, startRawUpstream } from '../testing/raw-upstream.ts'
import { RawClient } from '../testing/raw-client.ts'
import { processAt, SESSION, startTestGateway } from '../testing/test-gateway.ts'

const OWN = [`Cookie: space_session=${SESSION}`, 'Sec-Fetch-Site: same-origin']

async function answersTo(answer: string, ...fields: string[]): Promise<string> {
  await using upstream = await startRawUpstream(always(answer))
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/*'], upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(requestHead('GET /', 'Connection: close', ...fields))
  return await client.untilEnd()
}

test.each([
  ['a bare LF', 'HTTP/1.1 200 OK\nX: a\n\n', 'ends in `\\\\n`'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok', 'more than once'],
  ['no HTTP at all', 'hello', 'does not begin with a status line'],
  ['a TLS alert', '\x15\x03\x03\x00\x02\x02\x46', 'does not begin with a status line'],
  ['a name with a blank', 'HTTP/1.1 200 OK\r\nX : y\r\n\r\n', 'space before its colon'],
  ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 'HTTP/1.0'],
  [
    'an unasked 101',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n',
    'but the request asked for none',
  ],
  ['endless 1xx', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(17), 'without a final one'],
])('%s is explained to the owner, and to no other person', async (_name, answer, explanation) => {
  const own = await answersTo(answer, ...OWN)
  expect(own).toContain('HTTP/1.1 502 Bad Gateway\r\n')
  expect(own).toContain('"code":"upstream_malformed"')
  expect(own).toContain(explanation)
  const strangers = await answersTo(answer)
  expect(strangers).toContain('"code":"upstream_malformed"')
  expect(strangers).not.toContain(explanation)
})

test('an app that closes the connection is reported so, also in the middle of its head', async () => {
  for (const sent of ['', 'HT', 'HTTP/1.1 200 OK\r\nX:']) {
    await using upstream = await startRawUpstream(({ socket }) => void socket.end(sent))
    await using gateway = await startTestGateway({
      micros: [{ name: 'web', publicRoutes: ['/*'], upstream: processAt(upstream.port) }],
    })
    using client = await RawClient.connect(gateway.port)
    client.send(requestHead('GET /', 'Connection: close'))
    expect(await client.untilEnd()).toContain('"code":"upstream_broke"')
  }
})
