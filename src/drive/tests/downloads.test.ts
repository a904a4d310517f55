import { expect, test } from 'bun:test'
import { startTestDrive } from '../testing/test-drive.ts'

const LONG = Uint8Array.from({ length: 700_001 }, (_, index) => (index * 7) & 0xff)

test('any range of any parts is what lies there', async () => {
  await using at = startTestDrive()
  await at.upload('file', [
    [1, LONG.subarray(0, 65_537)],
    [2, LONG.subarray(65_537, 65_538)],
    [3, LONG.subarray(65_538)],
  ])
  const edges = [0, 1, 65_537, 65_538, 65_539, 262_144, 327_681, 327_682, 400_000, 700_000]
  for (const start of edges)
    for (const last of edges.filter((edge) => edge >= start)) {
      const got = await at.get('file', { range: `bytes=${start}-${last}` })
      expect([got.status, got.headers.get('content-range')]).toEqual([206, `bytes ${start}-${last}/700001`])
      expect(Buffer.compare(new Uint8Array(await got.arrayBuffer()), LONG.subarray(start, last + 1))).toBe(0)
    }
})

test('the size is known by its first byte, and a range behind the end is refused with the size', async () => {
  await using at = startTestDrive()
  await at.put('file', LONG)
  const first = await at.get('file', { range: 'bytes=0-0' })
  expect([first.status, first.headers.get('content-length'), first.headers.get('content-range')]).toEqual([
    206,
    '1',
    'bytes 0-0/700001',
  ])
  const behind = await at.get('file', { range: 'bytes=700001-' })
  expect([behind.status, behind.headers.get('content-range')]).toEqual([416, 'bytes */700001'])
  expect(await behind.json()).toEqual({
    errors: ['The file has 700001 bytes, and the range begins behind them'],
  })
})

test('a changed file does not continue an old range', async () => {
  await using at = startTestDrive()
  await at.put('file', 'first')
  const tag = (await at.get('file')).headers.get('etag')!
  const range = { range: 'bytes=1-2', 'if-range': tag }
  expect((await at.get('file', range)).status).toBe(206)
  await at.put('file', 'second')
  const whole = await at.get('file', range)
  expect([whole.status, await whole.text()]).toEqual([200, 'second'])
})

test('a browser asks again before it shows a file from its cache', async () => {
  await using at = startTestDrive()
  await at.put('file', 'content')
  expect((await at.get('file')).headers.get('cache-control')).toBe('private, no-cache')
})

test('what the client has is not sent again', async () => {
  await using at = startTestDrive()
  await at.put('file', 'content')
  const first = await at.get('file')
  const [tag, date] = [first.headers.get('etag')!, first.headers.get('last-modified')!]
  const conditions: Record<string, string>[] = [{ 'if-none-match': tag }, { 'if-modified-since': date }]
  for (const headers of conditions) {
    const again = await at.get('file', headers)
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, tag, ''])
  }
  const changed = await at.get('file', { 'if-match': '"other"' })
  expect(changed.status).toBe(412)
  expect(((await changed.json()) as { errors: string[] }).errors).toHaveLength(1)
})

test('HEAD says what GET would, without the content', async () => {
  await using at = startTestDrive()
  await at.put('file', LONG, { 'content-type': 'x/y' })
  const head = (headers = {}) => at.fetch('/files/download?name=file', { method: 'HEAD', headers })
  const whole = await head()
  expect([whole.status, whole.headers.get('content-length'), whole.headers.get('content-type')]).toEqual([
    200,
    '700001',
    'x/y',
  ])
  const part = await head({ range: 'bytes=1-2' })
  expect([part.status, part.headers.get('content-length'), await part.text()]).toEqual([206, '2', ''])
  expect((await at.fetch('/files/download?name=none', { method: 'HEAD' })).status).toBe(404)
})

/** `Bun.serve` sends a stream without its length; doors read it off the answer, and the gateway adds it again. */
test('a file that is streamed says its length to the door', async () => {
  await using at = startTestDrive()
  await at.put('file', LONG)
  const ask = (headers: Record<string, string>) =>
    at.drive.handle({
      request: new Request(`${at.root}/files/download?name=file`, { headers }),
      collectionId: at.root.split('/').at(-2)!,
      name: 'files',
      path: '/files/download',
      query: 'name=file',
      mayWrite: true,
    })
  const [whole, part] = [await ask({}), await ask({ range: 'bytes=1-600000' })]
  expect([whole, part].map(({ headers }) => headers.get('content-length'))).toEqual(['700001', '600000'])
  expect((await whole.bytes()).length).toBe(700_001)
  expect((await part.bytes()).length).toBe(600_000)
})
