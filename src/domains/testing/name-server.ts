/** A name server on a free port of loopback that knows TXT records only: RFC 1035, as little as a resolver needs. */
export interface NameServer extends Disposable {
  /** `127.0.0.1:41234` */
  readonly address: string
  /** Records by lower-case name; a name that is not in it does not exist. */
  readonly txt: Map<string, readonly string[]>
  /** Names that were asked for, in order. */
  readonly asked: string[]
  /** Whether it says nothing at all. */
  isSilent: boolean
}

const HEADER_BYTES = 12
const NXDOMAIN = 3

export async function startNameServer(): Promise<NameServer> {
  const server = { txt: new Map<string, readonly string[]>(), asked: [] as string[], isSilent: false }
  const socket = await Bun.udpSocket({
    hostname: '127.0.0.1',
    socket: {
      data(socket, query, port, address) {
        const name = nameIn(query)
        server.asked.push(name)
        if (!server.isSilent) socket.send(answerTo(query, server.txt.get(name) ?? null), port, address)
      },
    },
  })
  return Object.assign(server, {
    address: `127.0.0.1:${socket.port}`,
    [Symbol.dispose]: () => socket.close(),
  })
}

function nameIn(query: Buffer): string {
  const labels: string[] = []
  for (let at = HEADER_BYTES; query[at]; at += query[at]! + 1)
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]!))
  return labels.join('.').toLowerCase()
}

function answerTo(query: Buffer, records: readonly string[] | null): Buffer {
  const questionEnd = query.indexOf(0, HEADER_BYTES) + 5
  const header = Buffer.alloc(HEADER_BYTES)
  query.copy(header, 0, 0, 2)
  header.writeUInt16BE(0x8180 | (records === null ? NXDOMAIN : 0), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(records?.length ?? 0, 6)
  return Buffer.concat([header, query.subarray(HEADER_BYTES, questionEnd), ...(records ?? []).map(recordOf)])
}

/** The owner is a pointer to the question; a text is in pieces of 255 octets at most. */
function recordOf(text: string): Buffer {
  const pieces = (text.match(/.{1,255}/gs) ?? ['']).map((piece) =>
    Buffer.concat([Buffer.from([piece.length]), Buffer.from(piece, 'latin1')]),
  )
  const data = Buffer.concat(pieces)
  const fixed = Buffer.from([0xc0, HEADER_BYTES, 0, 16, 0, 1, 0, 0, 0, 1, 0, 0])
  fixed.writeUInt16BE(data.length, 10)
  return Buffer.concat([fixed, data])
}
