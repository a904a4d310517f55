import { expect, test } from 'bun:test'
import { Connection, HeadWriter, type RequestHead } from '../../wire/index.ts'
import { ClientConnection } from './client-connection.ts'
import type { Exchange } from './exchange.ts'
import type { Responder } from './responder.ts'
import { GATEWAY_LIMITS } from '../limits.ts'
import { requestHead } from '../testing/open-app.ts'

test('a head is kept for the next request where it is small, and read again where it is large', () => {
  const [small, large] = ['x'.repeat(2_000), 'x'.repeat(20_000)].map((value) =>
    Buffer.from(requestHead('GET /', `Cookie: ${value}`)),
  )
  const served = serveAll([small!, small!, large!, large!, small!])
  const sections = served.map(({ section }) => section)
  expect(sections[1]).toBe(sections[0]!)
  expect(sections[3]).not.toBe(sections[2]!)
  expect(sections[4]).not.toBe(sections[0]!)
  expect(sections.map(({ fields }) => fields.length)).toEqual([2, 2, 2, 2, 2])
})

const UPLOAD = Buffer.from(requestHead('POST /', 'Content-Length: 3') + 'abc')

test('no request follows an answer that closes the connection as the body of its request ends', () => {
  const closing = ({ response, client }: Exchange) =>
    client.respondWith({
      ...IGNORING,
      onRequestEnd() {
        response.keepAlive = false
        endEmpty({ response, client })
      },
    })
  expect(serveAll([UPLOAD, UPLOAD], closing)).toHaveLength(1)
})

test('an answer that ends within a piece of the body drops the rest of the body, and the next request is read', () => {
  const early = ({ response, client }: Exchange) =>
    client.respondWith({ ...IGNORING, onRequestBody: () => endEmpty({ response, client }) })
  expect(serveAll([UPLOAD, UPLOAD], early)).toHaveLength(2)
})

test('a responder that is set after its client has gone is stopped at once', () => {
  let goneCount = 0
  let late = () => {}
  serveAll([UPLOAD], ({ client }) => {
    late = () => client.respondWith({ ...IGNORING, onClientGone: () => goneCount++ })
    client.release()
  })
  late()
  expect(goneCount).toBe(1)
})

const IGNORING: Responder = {
  canTakeBody: true,
  onRequestBody() {},
  onRequestEnd() {},
  onRequestFlush() {},
  onClientDrain() {},
  onTick() {},
  onClientGone() {},
}

function endEmpty({ response, client }: Pick<Exchange, 'response' | 'client'>): void {
  response.start({ statusText: '204 No Content', writeLines() {} }, { kind: 'none' })
  client.endResponse()
}

/** The requests that a connection reads from these messages, each answered by a 204 unless `serve` says otherwise. */
function serveAll(
  messages: readonly Buffer[],
  serve: (exchange: Exchange) => void = endEmpty,
): RequestHead[] {
  const served: RequestHead[] = []
  const connection = new Connection(SINK, NO_HANDLER, '192.0.2.1')
  const client = new ClientConnection(connection, {
    limits: GATEWAY_LIMITS,
    out: new HeadWriter(),
    newRequestId: () => 'id',
    serve(exchange) {
      served.push(exchange.request)
      serve(exchange)
    },
    refuseMessage: () => expect.unreachable(),
    onFailure: () => expect.unreachable(),
    onReleased() {},
    onClose() {},
  })
  for (const message of messages) client.onData(message)
  return served
}

const SINK = {
  write: (_bytes: unknown, from = 0, length = 0) => length - from,
  pause: () => {},
  resume: () => {},
  shutdown: () => {},
  end: () => 0,
  terminate: () => {},
}

const NO_HANDLER = { onData() {}, onDrain() {}, onEnd() {}, onClose() {}, onFailure() {} }
