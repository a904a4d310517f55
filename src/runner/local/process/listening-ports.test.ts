import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { listeningPorts, parseListening } from './listening-ports.ts'

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
const row = (local: string, state: string) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 12345 1`

test.each([
  ['0.0.0.0:8080', '00000000:1F90', [{ port: 8080, v6LoopbackOnly: false, isSpace: false, inode: '12345' }]],
  [
    '127.0.0.1:3000',
    '0100007F:0BB8',
    [{ port: 3000, v6LoopbackOnly: false, isSpace: false, inode: '12345' }],
  ],
  ['127.0.0.2:443', '0200007F:01BB', [{ port: 443, v6LoopbackOnly: false, isSpace: true, inode: '12345' }]],
  [
    ':::8080',
    '00000000000000000000000000000000:1F90',
    [{ port: 8080, v6LoopbackOnly: false, isSpace: false, inode: '12345' }],
  ],
  [
    '::1:8080',
    '00000000000000000000000001000000:1F90',
    [{ port: 8080, v6LoopbackOnly: true, isSpace: false, inode: '12345' }],
  ],
])('%s is read', (_, local, expected) => {
  expect(parseListening([HEAD, row(local, '0A'), ''].join('\n'))).toEqual(expected)
})

test('sockets that do not listen are not returned', () => {
  expect(parseListening([HEAD, row('0100007F:1F90', '01'), row('0100007F:1F90', '06')].join('\n'))).toEqual(
    [],
  )
  expect(parseListening('')).toEqual([])
})

test.skipIf(process.platform !== 'linux')(
  'a listener is found beside any number of connections',
  async () => {
    const sockets: Socket[] = []
    const server = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    for (let at = 0; at < 300; at++) {
      const socket = connect(port, '127.0.0.1')
      sockets.push(socket)
      await new Promise((resolve) => socket.once('connect', resolve))
    }
    expect(readFileSync('/proc/self/net/tcp').length).toBeGreaterThan(65_536)
    expect((await listeningPorts(process.pid)).map((found) => found.port)).toContain(port)
    for (const socket of sockets) socket.destroy()
    server.close()
  },
)
