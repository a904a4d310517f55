import { expect, test } from 'bun:test'
import { until } from '../../kernel/testing/until.ts'
import { requestHead, startOpenApp } from '../testing/open-app.ts'
import { atHead, OK } from '../testing/raw-upstream.ts'

test('a micro is in use from its last request on, until it was asked for', async () => {
  await using app = await startOpenApp()
  expect(app.gateway.activeMicros()).toEqual([])
  app.client.send(requestHead('GET /'))
  await app.client.untilReceived('ok')
  expect(app.gateway.activeMicros()).toEqual(['web'])
  expect(app.gateway.activeMicros()).toEqual([])
})

test('a micro is in use as long as a request is under way', async () => {
  const answer = Promise.withResolvers<void>()
  await using app = await startOpenApp(async ({ socket }) => {
    await answer.promise
    socket.write(OK)
  })
  app.client.send(requestHead('GET /'))
  await app.upstream.until(({ heads }) => heads.length === 1)
  for (let asked = 0; asked < 3; asked++) expect(app.gateway.activeMicros()).toEqual(['web'])
  answer.resolve()
  await app.client.untilReceived('ok')
  app.gateway.activeMicros()
  expect(app.gateway.activeMicros()).toEqual([])
})

test('a micro is in use as long as a WebSocket is open', async () => {
  await using app = await startOpenApp(
    atHead(
      ({ socket }) =>
        void socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n'),
    ),
  )
  app.client.send(requestHead('GET /', 'Connection: Upgrade', 'Upgrade: echo'))
  await app.client.untilReceived('101')
  for (let asked = 0; asked < 3; asked++) expect(app.gateway.activeMicros()).toEqual(['web'])
  app.client.socket.destroy()
  await until('nothing is in use', () => app.gateway.activeMicros().length === 0)
})
