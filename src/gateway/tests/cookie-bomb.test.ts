/** Requests whose cookies are more than is read: any page of a sibling app can make a browser send them. */
import { expect, test } from 'bun:test'
import { firstNotLate } from '../../kernel/testing/until.ts'
import { RawClient } from '../testing/raw-client.ts'
import { always, startRawUpstream } from '../testing/raw-upstream.ts'
import { HOST, processAt, SOON, startTestGateway } from '../testing/test-gateway.ts'

const ACCEPT = 'Accept: text/html,application/xhtml+xml'
const start = (limits = {}) => startTestGateway({ limits, micros: [{ name: 'web', upstream: processAt(1) }] })

const bomb = (count: number, size = 4_000): string =>
  Array.from({ length: count }, (_, at) => `bomb${at}=${'x'.repeat(size)}`).join('; ')

const removalsIn = (answer: string): string[] =>
  [...answer.matchAll(/^Set-Cookie: ([^=]+)=-; Domain=cloud\.test; Path=\/; Max-Age=0\r$/gm)].map(
    ([, name]) => name!,
  )

const namesOf = (count: number): string[] => Array.from({ length: count }, (_, at) => `bomb${at}`)

test.each([HOST, 'cloud.test'])('%s removes all of as many as a browser keeps, and says so', async (host) => {
  await using gateway = await start()
  using client = await RawClient.connect(gateway.port)
  client.send(`GET /deep/page HTTP/1.1\r\nHost: ${host}\r\n${ACCEPT}\r\nCookie: space_session=x; `)
  client.send(`${bomb(180)}\r\nUpgrade-Insecure-Requests: 1\r\n\r\n`)
  const answer = await client.untilEnd()
  expect(answer).toStartWith('HTTP/1.1 431 ')
  expect(answer).toContain('Too many cookies')
  expect(removalsIn(answer).filter((name) => name !== 'space_session')).toEqual(namesOf(180))
  expect(answer).toContain('bomb7=-; Domain=cloud.test; Path=/deep/page; Max-Age=0')
  expect(answer).not.toContain('xxxx')
})

test('a line that arrives in small pieces is read like one that comes at once', async () => {
  await using gateway = await start()
  using client = await RawClient.connect(gateway.port)
  const head = `GET / HTTP/1.1\r\nHost: ${HOST}\r\nCookie: ${bomb(20)}\r\n\r\n`
  for (let at = 0; at < head.length; at += 1_000) await client.sendAll(head.slice(at, at + 1_000))
  expect(removalsIn(await client.untilEnd())).toEqual(namesOf(20))
})

test('a line without an end is refused at a bound, with what it had', async () => {
  await using gateway = await start()
  using client = await RawClient.connect(gateway.port)
  client.send(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nCookie: ${bomb(300)}`)
  const answer = await client.untilEnd()
  expect(answer).toStartWith('HTTP/1.1 431 ')
  expect(removalsIn(answer).length).toBeGreaterThan(200)
})

test('a line that stops in the middle is waited for no longer than any head', async () => {
  await using gateway = await start({ ...SOON, headMs: 50 })
  const ask = async () => {
    using client = await RawClient.connect(gateway.port)
    client.send(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nCookie: ${bomb(20)}`)
    return await client.untilEnd()
  }
  const answer = await firstNotLate('the line begins in time', ask, (text) => text === '')
  expect(answer).toStartWith('HTTP/1.1 408 ')
})

test('nothing that a request claims gets into the answer but names of cookies', async () => {
  await using gateway = await start()
  using client = await RawClient.connect(gateway.port)
  client.send(`GET /a;Domain=evil HTTP/1.1\r\nHost: x;y.cloud.test\r\nCookie: a\x01b=1; ${bomb(20)}\r\n\r\n`)
  const answer = await client.untilEnd()
  expect(answer).toStartWith('HTTP/1.1 431 ')
  expect(answer).not.toContain('Set-Cookie')
})

test('an upstream that takes fewer than we do is spoken for', async () => {
  await using upstream = await startRawUpstream(
    always('HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 4\r\n\r\nnode'),
  )
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/*'], upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  const ask = (cookies: string) =>
    client.send(`GET / HTTP/1.1\r\nHost: ${HOST}\r\n${ACCEPT}\r\nCookie: ${cookies}\r\n\r\n`)
  ask(bomb(5))
  const answer = await client.untilReceived('</html>\n')
  expect(answer).toContain('Too many cookies')
  expect(answer).not.toContain('node')
  expect(removalsIn(answer)).toEqual(namesOf(5))
  // The connection stays open, and an app's 431 for another reason passes unchanged.
  ask('a=1')
  const own = await client.untilReceived('node')
  expect(own.slice(answer.length)).not.toContain('Set-Cookie')
})

test('a large head without cookies is refused at once', async () => {
  await using gateway = await start()
  using client = await RawClient.connect(gateway.port)
  client.send(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nX: ${'x'.repeat(40_000)}`)
  expect(await client.untilEnd()).toStartWith('HTTP/1.1 431 ')
})
