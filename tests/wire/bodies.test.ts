/** What goes in comes out, octet for octet: random bodies, framings and cuts, in both directions at once. */
import { expect, test } from 'bun:test'
import { requestHead, startOpenApp } from '../../src/gateway/testing/open-app.ts'
import type { Script } from '../../src/gateway/testing/raw-upstream.ts'
import { newBodyReader } from '../../src/wire/index.ts'
import { cutUp, type Random, seededRandom } from '../../src/wire/testing/random.ts'

const ROUNDS = 150
const LARGEST = 60_000

type Framing = 'length' | 'chunked'

function randomBody(random: Random): Buffer {
  // Nearly all octets at random; some of what framing is made of, where a careless reader would stumble.
  const bytes = Buffer.from(
    Array.from({ length: random.int(random.pick([3, 100, LARGEST])) }, () => random.int(256)),
  )
  for (const text of ['0\r\n\r\n', '\r\n\r\n', 'HTTP/1.1 200 OK\r\n']) {
    if (bytes.length > text.length && random.chance(0.5))
      bytes.write(text, random.int(bytes.length - text.length))
  }
  return bytes
}

const fieldFor = (framing: Framing, body: Buffer): string =>
  framing === 'length' ? `Content-Length: ${body.length}` : 'Transfer-Encoding: chunked'

/** `body` as it stands on the wire. */
function framed(framing: Framing, body: Buffer, random: Random): Buffer {
  if (framing === 'length') return body
  const chunks = cutUp(body, random).map((piece) =>
    Buffer.concat([
      Buffer.from(`${piece.length.toString(16)}${random.pick(['', ';a=b'])}\r\n`),
      piece,
      Buffer.from('\r\n'),
    ]),
  )
  return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')])
}

/** The body behind the head of a message that has one. */
function bodyOf(message: string): Buffer {
  const end = message.indexOf('\r\n\r\n') + 4
  const head = message.slice(0, end)
  const rest = Buffer.from(message.slice(end), 'latin1')
  if (!/^transfer-encoding: chunked/im.test(head)) return rest
  const part = newBodyReader({ kind: 'chunked' }).read(rest)
  if (part.kind !== 'end') throw new Error(`the chunked body is not whole: ${part.kind}`)
  return part.payload
}

const isWhole = (message: string): boolean => {
  const end = message.indexOf('\r\n\r\n') + 4
  if (end < 4) return false
  const length = /^content-length: (\d+)/im.exec(message.slice(0, end))
  if (length !== null) return message.length === end + Number(length[1])
  const part = newBodyReader({ kind: 'chunked' }).read(Buffer.from(message.slice(end), 'latin1'))
  return part.kind === 'end'
}

test('bodies arrive as they were sent, however they are framed and cut', async () => {
  for (let seed = 0; seed < ROUNDS; seed++) {
    const random = seededRandom(seed)
    const [up, down] = [randomBody(random), randomBody(random)]
    const [upFraming, downFraming] = [
      random.pick<Framing>(['length', 'chunked']),
      random.pick<Framing>(['length', 'chunked']),
    ]
    const answer: Script = ({ socket }) => {
      socket.setNoDelay(true)
      socket.write(`HTTP/1.1 200 OK\r\n${fieldFor(downFraming, down)}\r\n\r\n`)
      for (const piece of cutUp(framed(downFraming, down, random), random)) socket.write(piece)
    }
    await using app = await startOpenApp(answer)
    app.client.socket.setNoDelay(true)
    app.client.send(requestHead('POST /', fieldFor(upFraming, up)))
    for (const piece of cutUp(framed(upFraming, up, random), random)) app.client.send(piece)
    const received = await app.client.until((client) => isWhole(client.received) || client.isClosed)
    expect({ seed, isSame: bodyOf(received).equals(down) }).toEqual({ seed, isSame: true })
    expect({ seed, isSame: bodyOf(app.upstream.received[0]!).equals(up) }).toEqual({ seed, isSame: true })
  }
})
