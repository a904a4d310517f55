/** The network may deliver octets in any pieces. Neither side must be able to tell where they were cut. */
import { expect, test } from 'bun:test'
import { requestHead, startOpenApp } from '../../src/gateway/testing/open-app.ts'
import type { Script } from '../../src/gateway/testing/raw-upstream.ts'
import { newBodyReader } from '../../src/wire/index.ts'
import { readConnection } from '../../src/wire/testing/read-connection.ts'
import { PROBES } from './probes.ts'

/** Longer ones hold nothing but repetition. */
const LONGEST = 1_500

test('every probe reads the same wherever it is cut in two', () => {
  for (const { name, text } of PROBES.filter((probe) => probe.text.length <= LONGEST)) {
    const bytes = Buffer.from(text, 'latin1')
    const whole = readConnection([bytes])
    for (let at = 1; at < bytes.length; at++) {
      const cut = readConnection([bytes.subarray(0, at), bytes.subarray(at)])
      expect({ name, at, ...cut }).toEqual({ name, at, ...whole })
    }
  }
})

const RESPONSES = [
  'HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello',
  'HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 204 No Content\r\nX: y\r\n\r\n',
  'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: "a"\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 1\r\n\r\n',
]

/** Answers the n-th request with the response cut behind its n-th octet. */
const cutting =
  (response: Buffer): Script =>
  ({ socket, index }) => {
    socket.setNoDelay(true)
    socket.write(response.subarray(0, index + 1))
    if (index + 1 < response.length) setImmediate(() => socket.write(response.subarray(index + 1)))
  }

test.each(RESPONSES)('a client gets the same wherever its response is cut: %j', async (text) => {
  const response = Buffer.from(text, 'latin1')
  await using app = await startOpenApp(cutting(response))
  const answers = new Set<string>()
  for (let at = 1; at <= response.length; at++) {
    const before = app.client.received.length
    // The second is answered by the gateway itself, in its turn: then the first has been, whole.
    app.client.send(requestHead('GET /') + requestHead('OPTIONS *'))
    const isOver = ({ received }: { received: string }) =>
      received.indexOf('\r\n\r\n', ownAnswerAt(received, before)) > 0
    const received = await app.client.until(isOver)
    answers.add(withoutChunks(received.slice(before, ownAnswerAt(received, before))))
  }
  expect([...answers]).toHaveLength(1)
  expect(app.upstream.received).toHaveLength(1)
})

const ownAnswerAt = (received: string, from: number): number => {
  const at = received.indexOf('HTTP/1.1 204 No Content\r\nDate', from)
  return at < 0 ? received.length : at
}

/** A chunk that arrives in two pieces leaves as two chunks: what counts is what they hold. */
function withoutChunks(answer: string): string {
  if (!answer.includes('chunked')) return answer
  const end = answer.indexOf('\r\n\r\n') + 4
  const part = newBodyReader({ kind: 'chunked' }).read(Buffer.from(answer.slice(end), 'latin1'))
  if (part.kind !== 'end') throw new Error(`the chunked body is not whole: ${part.kind}`)
  const trailers = part.trailers.map((field) => field.line)
  return [answer.slice(0, end), part.payload.toString('latin1'), ...trailers].join('|')
}
