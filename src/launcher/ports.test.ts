import { expect, test } from 'bun:test'
import { claimPort } from './ports.ts'

test.each([[['127.0.0.1', '::1']], [['0.0.0.0', '::']], [['::1']]])('a free port of %j is had', (listen) => {
  expect(claimPort({ listen, port: 0 })).toBeGreaterThan(0)
})

test.each(['127.0.0.1', '0.0.0.0', '::'])(
  'a port that a program uses on loopback cannot be claimed on %s',
  (address) => {
    const other = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
    expect(() => claimPort({ listen: [address], port: other.port })).toThrow(
      expect.objectContaining({ code: 'EADDRINUSE', port: other.port }),
    )
    other.stop(true)
  },
)
