import { expect, test } from 'bun:test'
import { DirectoryPublisher, DirectoryReplica, type DirectoryChange } from '../../directory/index.ts'
import { instance, micro, session, temporarySocket } from '../../directory/testing/entries.ts'
import { silentLogger } from '../../kernel/log.ts'
import { startGateway } from '../index.ts'
import { requestHead } from '../testing/open-app.ts'
import { RawClient } from '../testing/raw-client.ts'
import { startRawUpstream } from '../testing/raw-upstream.ts'
import { HOST, processAt } from '../testing/test-gateway.ts'

const gatewayOver = (directory: DirectoryReplica, directoryPatienceMs: number) =>
  startGateway({
    listen: ['127.0.0.1'],
    port: 0,
    settings: {
      domain: 'cloud.test',
      homeHosts: ['cloud.test'],
      homeOrigin: 'http://cloud.test',
      scheme: 'http',
    },
    directory,
    platformSocket: '/nonexistent/home.sock',
    log: silentLogger,
    limits: { directoryPatienceMs },
  })

const appAt = (port: number): DirectoryChange[] => [
  {
    op: 'instance.put',
    instance: instance('notes', {
      hosts: [HOST],
      micros: [micro('web', '/', { upstream: processAt(port) })],
    }),
  },
  { op: 'session.put', session: session('one', 'notes') },
]

const REQUEST = requestHead('GET /', 'Cookie: space_session=secret of one')

test('a request that comes before the directory waits for it', async () => {
  using socket = temporarySocket()
  await using upstream = await startRawUpstream()
  await using directory = new DirectoryReplica()
  await using gateway = await gatewayOver(directory, 60_000)
  using client = await RawClient.connect(gateway.port)
  client.send(REQUEST)
  await using publisher = new DirectoryPublisher()
  await publisher.publish(appAt(upstream.port))
  await publisher.listen(socket.path)
  directory.connect(socket.path)
  await client.untilReceived('ok')
  expect(upstream.heads).toHaveLength(1)
})

test('without a directory a request is refused after a while, and nothing is passed on', async () => {
  await using directory = new DirectoryReplica()
  await using gateway = await gatewayOver(directory, 1)
  using client = await RawClient.connect(gateway.port)
  client.send(REQUEST)
  expect(await client.untilReceived('\r\n\r\n')).toStartWith('HTTP/1.1 503 Service Unavailable\r\n')
})

test('a session that ends is refused with the next request and loses its streams', async () => {
  using socket = temporarySocket()
  await using upstream = await startRawUpstream(({ head, socket }) => {
    socket.write(
      head.startsWith('GET /stream')
        ? 'HTTP/1.1 200 OK\r\n\r\ndata'
        : 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    )
  })
  await using publisher = new DirectoryPublisher()
  await publisher.publish(appAt(upstream.port))
  await publisher.listen(socket.path)
  await using directory = new DirectoryReplica()
  directory.connect(socket.path)
  await directory.ready
  await using gateway = await gatewayOver(directory, 60_000)
  using stream = await RawClient.connect(gateway.port)
  using client = await RawClient.connect(gateway.port)
  stream.send(requestHead('GET /stream', 'Cookie: space_session=secret of one'))
  await stream.untilReceived('data')
  client.send(REQUEST)
  await client.untilReceived('ok')
  await publisher.publish([{ op: 'session.delete', id: 'ses_one' }])
  client.send(REQUEST)
  await client.untilReceived('HTTP/1.1 401 ')
  await stream.until(({ isClosed }) => isClosed)
})
