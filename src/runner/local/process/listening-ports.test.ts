import { expect, test } from 'bun:test'
import { parseListening } from './listening-ports.ts'

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
const row = (local: string, state: string) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 12345 1`

test.each([
  ['0.0.0.0:8080', '00000000:1F90', [{ port: 8080, v6LoopbackOnly: false, inode: '12345' }]],
  ['127.0.0.1:3000', '0100007F:0BB8', [{ port: 3000, v6LoopbackOnly: false, inode: '12345' }]],
  [
    ':::8080',
    '00000000000000000000000000000000:1F90',
    [{ port: 8080, v6LoopbackOnly: false, inode: '12345' }],
  ],
  [
    '::1:8080',
    '00000000000000000000000001000000:1F90',
    [{ port: 8080, v6LoopbackOnly: true, inode: '12345' }],
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
