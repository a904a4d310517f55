import { expect, test } from 'bun:test'
import { Connection, HeadWriter, type RequestHead } from '../../wire/index.ts'
import { ClientConnection } from './client-connection.ts'
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

/** The requests that a connection makes of these messages, each answered by nothing. */
function serveAll(messages: readonly Buffer[]): RequestHead[] {
  const served: RequestHead[] = []
  const connection = new Connection(UNHEARD, NOBODY, '192.0.2.1')
  const client = new ClientConnection(connection, {
    limits: GATEWAY_LIMITS,
    out: new HeadWriter(),
    newRequestId: () => 'id',
    serve({ request, response, client }) {
      served.push(request)
      response.start({ statusText: '204 No Content', writeLines() {} }, { kind: 'none' })
      client.endResponse()
    },
    refuseFault: () => expect.unreachable(),
    onFailure: () => expect.unreachable(),
    onReleased() {},
    onClose() {},
  })
  for (const message of messages) client.onData(message)
  return served
}

const UNHEARD = {
  write: (_bytes: unknown, from = 0, length = 0) => length - from,
  pause: () => {},
  resume: () => {},
  shutdown: () => {},
  end: () => 0,
  terminate: () => {},
}

const NOBODY = { onData() {}, onDrain() {}, onEnd() {}, onClose() {}, onFailure() {} }
