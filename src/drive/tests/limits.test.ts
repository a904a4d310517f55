import { expect, test } from 'bun:test'
import { until } from '../../kernel/testing/until.ts'
import { createLogger } from '../../kernel/log.ts'
import { blobFiles, collectionOf } from '../testing/blob-files.ts'
import { rawClient } from '../testing/raw-client.ts'
import { startTestDrive } from '../testing/test-drive.ts'

const MB = 1_048_576

test('more than ten MiB at once is refused with JSON, announced or not, and nothing of it stays', async () => {
  await using at = startTestDrive()
  const large = new Uint8Array(10 * MB + 1)
  const chunked = new ReadableStream({
    start(controller) {
      for (let part = 0; part < 11; part += 1) controller.enqueue(new Uint8Array(MB))
      controller.close()
    },
  })
  for (const body of [large, chunked]) {
    const answer = await at.put('file', body)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      413,
      'application/json;charset=utf-8',
    ])
    expect(await answer.text()).toContain('may have 10485760 bytes')
  }
  await until('no blob is left', () => blobFiles(at).length === 0)
  expect(await at.names()).toEqual({ names: [] })
})

const request = (at: { root: string }, name: string, length: number) =>
  `POST ${new URL(at.root).pathname}/files?name=${name} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`

test('an upload that stops is ended, and leaves nothing', async () => {
  await using at = startTestDrive({ limits: { idleMs: 200 } })
  using client = await rawClient(at.port, `${request(at, 'file', 1000)}only this`)
  await until('it is refused', () => client.received().includes('408'))
  expect(client.received()).toContain('no byte came for 0.2 s')
  await until('no blob is left', () => blobFiles(at).length === 0)
  expect(await at.names()).toEqual({ names: [] })
})

test('an upload that drips is ended after its time', async () => {
  await using at = startTestDrive({ limits: { uploadMs: 300 } })
  using client = await rawClient(at.port, request(at, 'file', 100_000))
  const drip = setInterval(() => client.socket.write('x'), 20)
  await until('it is refused', () => client.received().includes('408')).finally(() => clearInterval(drip))
  expect(client.received()).toContain('it took longer than 0.3 s')
})

test('a client that goes away in the middle leaves nothing, not even in the log', async () => {
  const lines: string[] = []
  await using at = startTestDrive({ log: createLogger('drive', 'info', (line) => lines.push(line)) })
  await at.put('file', 'old')
  const client = await rawClient(at.port, request(at, 'file', 5 * MB))
  client.socket.write(new Uint8Array(2 * MB))
  await until('the blob is begun', () => blobFiles(at).length === 2)
  client[Symbol.dispose]()
  await until('the blob is removed', () => blobFiles(at).length === 1)
  expect(await (await at.get('file')).text()).toBe('old')
  expect(lines).toEqual([])
})

test('a chunked body that is cut off is no file', async () => {
  await using at = startTestDrive()
  const head = `POST ${new URL(at.root).pathname}/files?name=file HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`
  const client = await rawClient(at.port, `${head}5\r\nhello\r\n`)
  await until('the blob is begun', () => blobFiles(at).length === 1)
  client.socket.end()
  await until('the blob is removed', () => blobFiles(at).length === 0)
  client[Symbol.dispose]()
  expect(await at.names()).toEqual({ names: [] })
})

test('a reader that stalls is cut, and what it read is released', async () => {
  await using at = startTestDrive({ limits: { idleMs: 200 } })
  await at.upload(
    'file',
    Array.from({ length: 4 }, (_, index) => [index + 1, new Uint8Array(9 * MB)] as const),
  )
  const path = `${new URL(at.root).pathname}/files/download?name=file`
  using client = await rawClient(at.port, `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
  client.socket.once('data', () => client.socket.pause())
  await until('it reads', () => client.received().length > 0)
  await at.fetch('/files', { method: 'DELETE', body: '{"names":["file"]}' })
  await until('its blobs are removed', () => blobFiles(at).length === 0)
  client.socket.resume()
  await client.closed
  expect(client.received().length).toBeLessThan(36 * MB)
  expect(client.received()).not.toEndWith('\r\n0\r\n\r\n')
})

test('a reader that goes away releases what it read', async () => {
  await using at = startTestDrive()
  await at.upload(
    'file',
    Array.from({ length: 4 }, (_, index) => [index + 1, new Uint8Array(9 * MB)] as const),
  )
  const path = `${new URL(at.root).pathname}/files/download?name=file`
  const client = await rawClient(at.port, `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
  client.socket.once('data', () => client.socket.pause())
  await until('it reads', () => client.received().length > 0)
  await at.fetch('/files', { method: 'DELETE', body: '{"names":["file"]}' })
  expect(blobFiles(at)).toHaveLength(4)
  client[Symbol.dispose]()
  await until('its blobs are removed', () => blobFiles(at).length === 0)
})

test('uploads without an end expire, and count until then', async () => {
  const clock = { ms: 1_000_000 }
  await using at = startTestDrive({
    nowMs: () => clock.ms,
    limits: { uploadExpiryMs: 1000, openUploads: 2 },
    quotaOf: () => ({ bytes: 10, files: 9 }),
  })
  const begin = async () =>
    (await at.fetch('/uploads?name=a', { method: 'POST' })).json() as Promise<{ upload_id: string }>
  const { upload_id: id } = await begin()
  const send = () => at.fetch(`/uploads/${id}/parts?name=a&part=1`, { method: 'POST', body: 'x'.repeat(10) })
  expect((await send()).status).toBe(200)
  await begin()
  expect(await begin()).toEqual({
    errors: ['2 uploads are open. Finish or abort some, then try again.'],
  } as never)
  expect((await at.put('b', 'x')).status).toBe(507)
  clock.ms += 1000
  await at.drive.sweep(collectionOf(at))
  expect((await send()).status).toBe(200)
  clock.ms += 1001
  await at.drive.sweep(collectionOf(at))
  expect((await send()).status).toBe(404)
  expect(blobFiles(at)).toEqual([])
  expect((await at.put('b', 'x'.repeat(10))).status).toBe(201)
})

test('few collections stay open, and each opens again with what it has', async () => {
  const dir = await Bun.$`mktemp -d`.text().then((text) => text.trim())
  const lines: string[] = []
  await using at = startTestDrive({
    collectionsDir: dir,
    limits: { openCollections: 3 },
    log: createLogger('drive', 'info', (line) => lines.push(line)),
  })
  const url = (index: number) => `http://127.0.0.1:${at.port}/v1/c${index}/d/files`
  for (let index = 0; index < 30; index += 1)
    expect((await fetch(`${url(index)}?name=${index}`, { method: 'POST', body: 'x' })).status).toBe(201)
  await until('surplus collections are closed', () => at.drive.openCount() <= 3)
  for (let index = 0; index < 30; index += 1)
    expect(await (await fetch(url(index))).json()).toEqual({ names: [`${index}`] })
  await Promise.all(Array.from({ length: 30 }, (_, index) => fetch(url(index))))
  await until('surplus collections are closed', () => at.drive.openCount() <= 3)
  expect(lines).toEqual([])
  await Bun.$`rm -r ${dir}`
})

test('closing waits for running calls, cuts those that last, and lets later calls open again', async () => {
  await using at = startTestDrive({ limits: { closeWithinMs: 100 } })
  await at.upload(
    'file',
    Array.from({ length: 4 }, (_, index) => [index + 1, new Uint8Array(9 * MB)] as const),
  )
  const path = new URL(at.root).pathname
  using reader = await rawClient(at.port, `GET ${path}/files/download?name=file HTTP/1.1\r\nHost: x\r\n\r\n`)
  reader.socket.once('data', () => reader.socket.pause())
  using writer = await rawClient(at.port, `${request(at, 'other', 1000)}some`)
  await until('both run', () => reader.received().length > 0 && blobFiles(at).length === 5)
  const closed = at.drive.close(collectionOf(at))
  const later = at.put('later', 'x')
  await closed
  expect(at.drive.openCount()).toBeLessThanOrEqual(1)
  expect((await later).status).toBe(201)
  expect(await at.names()).toEqual({ names: ['file', 'later'] })
  await until('the upload is refused', () => writer.received().includes('cut off'))
})
