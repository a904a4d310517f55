/** Every call of COMPAT 5.3, and what the SDKs' own suites look at, on every store. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { BUILD_WITHIN_MS } from '../testing/s3-server.ts'
import { STORES, type Store } from '../testing/stores.ts'
import { type TestDrive, enc, startTestDrive } from '../testing/test-drive.ts'

const MB = 1_048_576

describe.each(STORES.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
  const isHere = kind.missing === null
  let store: Store
  beforeAll(async () => void (isHere && (store = await kind.start())), BUILD_WITHIN_MS)
  afterAll(async () => void (isHere && (await store[Symbol.asyncDispose]())))
  const testHere = test.skipIf(!isHere)
  const start = (options = {}): TestDrive => startTestDrive({ ...store.options, ...options })

  testHere('a file is stored under its name and read back', async () => {
    await using at = start()
    const put = await at.put('dir/a.svg', '<svg/>')
    expect(put.status).toBe(201)
    const collection = at.root.split('/').at(-2)!
    expect(await put.json()).toEqual({ name: 'dir/a.svg', project_id: collection, drive_name: 'files' })
    const got = await at.get('dir/a.svg')
    expect(got.status).toBe(200)
    expect(await got.text()).toBe('<svg/>')
    expect(got.headers.get('content-type')).toBe('image/svg+xml')
    expect(got.headers.get('content-length')).toBe('6')
    expect(got.headers.get('accept-ranges')).toBe('bytes')
  })

  testHere.each([0, 1, 65_535, 65_536, 65_537, MB / 2, MB / 2 + 1, 3 * MB + 7, 10 * MB])(
    '%d bytes come back as they were',
    async (length) => {
      await using at = start()
      const bytes = noise(length)
      expect((await at.put('file', bytes)).status).toBe(201)
      const got = new Uint8Array(await (await at.get('file')).arrayBuffer())
      expect(got.length).toBe(length)
      expect(Buffer.compare(got, bytes)).toBe(0)
    },
  )

  testHere('the type is the sent one, or is guessed from the name', async () => {
    await using at = start()
    await at.put('a.png', new Uint8Array(1), { 'content-type': 'text/x-own' })
    await at.put('a', new Uint8Array(1))
    const types = await Promise.all(
      ['a.png', 'a'].map(async (name) => (await at.get(name)).headers.get('content-type')),
    )
    expect(types).toEqual(['text/x-own', 'application/octet-stream'])
  })

  testHere('parts of any size, in any order and at once make up one file', async () => {
    await using at = start()
    const parts = [noise(3 * MB + 1), noise(1), noise(0), noise(MB)]
    const id = await begin(at, 'big')
    const answers = await Promise.all(
      [4, 2, 1, 3].map((number) => sendPart(at, id, 'big', number, parts[number - 1]!)),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(await answers[0]!.json()).toMatchObject({ name: 'big', upload_id: id, part: 4 })
    const finished = await at.fetch(`/uploads/${id}?name=big`, { method: 'PATCH' })
    expect(finished.status).toBe(200)
    expect(await finished.json()).toMatchObject({ name: 'big', upload_id: id, drive_name: 'files' })
    const got = new Uint8Array(await (await at.get('big')).arrayBuffer())
    expect(Buffer.compare(got, Buffer.concat(parts))).toBe(0)
  })

  testHere('a part that is sent again replaces the first one', async () => {
    await using at = start()
    const answer = await at.upload('file', [
      [1, 'wrong'],
      [2, 'b'],
      [1, 'a'],
    ])
    expect(answer.status).toBe(200)
    expect(await (await at.get('file')).text()).toBe('ab')
    await at.drive.sweep(collectionOf(at))
    expect(await (await at.get('file')).text()).toBe('ab')
  })

  testHere('an upload without parts makes an empty file', async () => {
    await using at = start()
    expect((await at.upload('empty', [])).status).toBe(200)
    const got = await at.get('empty')
    expect([got.status, got.headers.get('content-length'), await got.text()]).toEqual([200, '0', ''])
  })

  testHere(
    'the type of an upload is its own, then that of the first part that has one, then a guess',
    async () => {
      await using at = start()
      const ways = [
        ['own', 'text/own', ['text/part']],
        ['part', null, [null, 'text/part', 'text/later']],
        ['guess.png', null, [null]],
      ] as const
      for (const [name, own, types] of ways) {
        const id = await begin(at, name, own ? { 'content-type': own } : {})
        for (const [index, type] of types.entries())
          await sendPart(at, id, name, index + 1, new Uint8Array(1), type ? { 'content-type': type } : {})
        await at.fetch(`/uploads/${id}?name=${name}`, { method: 'PATCH' })
      }
      const types = ways.map(async ([name]) => (await at.get(name)).headers.get('content-type'))
      expect(await Promise.all(types)).toEqual(['text/own', 'text/part', 'image/png'])
    },
  )

  testHere('an upload shows nothing before it is finished, and nothing after it is aborted', async () => {
    await using at = start()
    await at.put('file', 'old')
    const id = await begin(at, 'file')
    await sendPart(at, id, 'file', 1, 'new')
    expect(await (await at.get('file')).text()).toBe('old')
    expect((await at.fetch(`/uploads/${id}?name=file`, { method: 'DELETE' })).status).toBe(200)
    expect((await sendPart(at, id, 'file', 2, 'x')).status).toBe(404)
    expect((await at.fetch(`/uploads/${id}?name=file`, { method: 'PATCH' })).status).toBe(404)
    expect((await at.fetch(`/uploads/${id}?name=file`, { method: 'DELETE' })).status).toBe(404)
    expect(await (await at.get('file')).text()).toBe('old')
  })

  testHere('finishing twice is answered twice, as after a lost answer', async () => {
    await using at = start()
    const id = await begin(at, 'file')
    await sendPart(at, id, 'file', 1, 'content')
    const finish = () => at.fetch(`/uploads/${id}?name=file`, { method: 'PATCH' })
    expect([(await finish()).status, (await finish()).status]).toEqual([200, 200])
    await at.put('file', 'newer')
    expect((await finish()).status).toBe(404)
  })

  testHere('an upload belongs to its name, its drive and its collection', async () => {
    await using at = start()
    await using other = start({ collectionsDir: at.dir })
    const id = await begin(at, 'file')
    const port = `http://127.0.0.1:${at.port}/v1/${collectionOf(at)}`
    const wrong = [
      at.fetch(`/uploads/${id}?name=other`, { method: 'PATCH' }),
      fetch(`${port}/elsewhere/uploads/${id}?name=file`, { method: 'PATCH' }),
      other.fetch(`/uploads/${id}?name=file`, { method: 'PATCH' }),
      sendPart(other, id, 'file', 1, 'x'),
    ]
    expect((await Promise.all(wrong)).map(({ status }) => status)).toEqual([404, 404, 404, 404])
  })

  testHere('what is overwritten or deleted is gone, and its blobs are, too', async () => {
    await using at = start()
    await at.put('file', 'old')
    await at.put('file', 'newer')
    expect(await (await at.get('file')).text()).toBe('newer')
    const deleted = await remove(at, ['file', 'never there'])
    expect([deleted.status, await deleted.json()]).toEqual([200, { deleted: ['file', 'never there'] }])
    const got = await at.get('file')
    expect([got.status, await got.json()]).toEqual([404, { errors: ['No file is named file'] }])
    expect(await at.names()).toEqual({ names: [] })
  })

  testHere('names that cannot be are named as failed; with those alone, the call fails', async () => {
    await using at = start()
    const mixed = await remove(at, ['a', '', '  '])
    expect(await mixed.json()).toEqual({
      deleted: ['a'],
      failed: { '': 'invalid name', '  ': 'invalid name' },
    })
    for (const names of [
      [],
      [''],
      ['  '],
      Array.from({ length: 1001 }, (_, index) => `n${index}`),
      'a',
      [1],
      null,
    ])
      expect((await remove(at, names)).status).toBe(400)
    expect((await at.fetch('/files', { method: 'DELETE', body: '{' })).status).toBe(400)
    expect((await at.fetch('/files', { method: 'DELETE' })).status).toBe(400)
  })

  testHere('a thousand files are deleted at once', async () => {
    await using at = start()
    const names = Array.from({ length: 1000 }, (_, index) => `f/${index}`)
    for (let first = 0; first < names.length; first += 50)
      await Promise.all(names.slice(first, first + 50).map((name) => at.put(name, '')))
    expect(((await (await remove(at, names)).json()) as { deleted: string[] }).deleted).toEqual(names)
    expect(await at.names()).toEqual({ names: [] })
  })

  testHere('listings are in byte order, paged, by prefix, and with folders', async () => {
    await using at = start()
    const names = [
      'list-c',
      'list-a',
      'list/b',
      'list/a',
      'list/child/a',
      'list-b',
      'list/child/b',
      'é',
      '💾',
      'Z',
    ]
    await Promise.all(names.map((name) => at.put(name, name)))
    const all = [
      'Z',
      'list-a',
      'list-b',
      'list-c',
      'list/a',
      'list/b',
      'list/child/a',
      'list/child/b',
      'é',
      '💾',
    ]
    expect(await at.names()).toEqual({ names: all })
    expect(await at.names('prefix=list-&limit=1')).toEqual({
      paging: { size: 1, last: 'list-a' },
      names: ['list-a'],
    })
    expect(await at.names('prefix=list-&limit=3')).toEqual({ names: ['list-a', 'list-b', 'list-c'] })
    expect(await at.names('prefix=list-&last=list-a')).toEqual({ names: ['list-b', 'list-c'] })
    expect(await at.names('recursive=false&prefix=list')).toEqual({
      names: ['list-a', 'list-b', 'list-c', 'list/'],
    })
    expect(await at.names('recursive=false&prefix=list/')).toEqual({
      names: ['list/a', 'list/b', 'list/child/'],
    })
    expect(await at.names('recursive=false&prefix=list/&limit=2')).toEqual({
      paging: { size: 2, last: 'list/b' },
      names: ['list/a', 'list/b'],
    })
    expect(await at.names('recursive=false&last=list/&limit=1')).toEqual({
      paging: { size: 1, last: 'é' },
      names: ['é'],
    })
    expect(await at.names('prefix=/list')).toEqual({ names: [] })
    expect(await at.names('prefix=&last=&limit=&recursive=')).toEqual({ names: all })
    for (const query of ['limit=0', 'limit=-1', 'limit=x', 'limit=1.5'])
      expect((await at.fetch(`/files?${query}`)).status).toBe(400)
  })

  testHere('drives with files are named, and hold their own files', async () => {
    await using at = start()
    const url = (drive: string) => `http://127.0.0.1:${at.port}/v1/${collectionOf(at)}/${drive}/files?name=a`
    for (const drive of ['b', 'a', 'c%2Fd']) await fetch(url(drive), { method: 'POST', body: drive })
    expect(await at.drive.names(collectionOf(at))).toEqual(['a', 'b', 'c/d'])
    expect(await at.names()).toEqual({ names: [] })
    expect(await at.drive.names('neverseen')).toEqual([])
    expect(await at.drive.size('neverseen')).toBe(0)
  })

  testHere('names written at once are each whole, and the last one stays', async () => {
    await using at = start()
    const bodies = Array.from({ length: 12 }, (_, index) => String(index).repeat(200_000 + index))
    await Promise.all(bodies.map((body) => at.put('same', body)))
    const got = await (await at.get('same')).text()
    expect(bodies).toContain(got)
    await at.drive.sweep(collectionOf(at))
    expect(await (await at.get('same')).text()).toBe(got)
  })

  testHere('a reader gets the content that it began with, whatever becomes of the name', async () => {
    await using at = start()
    const old = noise(9 * MB)
    await at.upload('file', [
      [1, old.subarray(0, 4 * MB)],
      [2, old.subarray(4 * MB)],
    ])
    const reading = await at.get('file')
    const reader = reading.body!.getReader()
    const pieces = [(await reader.read()).value!]
    await at.put('file', 'new')
    await remove(at, ['file'])
    await at.drive.sweep(collectionOf(at))
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) pieces.push(piece.value)
    expect(Buffer.compare(Buffer.concat(pieces), old)).toBe(0)
  })

  testHere('a copy has every file of its time, while writing continues', async () => {
    await using at = start()
    const bytes = noise(2 * MB)
    await at.put('dir/a', bytes)
    await at.upload('b', [
      [1, 'one'],
      [2, 'two'],
    ])
    const open = await begin(at, 'open')
    await sendPart(at, open, 'open', 1, 'part')
    await using copy = startTestDrive({ collection: 'copied' })
    const folder = `${copy.dir}/copied/drive`
    await Bun.$`mkdir -p ${folder}`
    await Promise.all([
      at.drive.copyTo(collectionOf(at), folder),
      ...Array.from({ length: 20 }, (_, index) => at.put(`later/${index}`, bytes)),
    ])
    await remove(at, ['dir/a', 'b'])
    await at.drive.sweep(collectionOf(at))
    const got = new Uint8Array(await (await copy.get('dir/a')).arrayBuffer())
    expect(Buffer.compare(got, bytes)).toBe(0)
    expect(await (await copy.get('b')).text()).toBe('onetwo')
    const { names } = (await copy.names()) as { names: string[] }
    for (const name of names) expect((await copy.get(name)).status).toBe(200)
    await copy.fetch(`/uploads/${open}?name=open`, { method: 'PATCH' })
    expect(await (await copy.get('open')).text()).toBe('part')
    expect((await copy.put('new', 'new')).status).toBe(201)
  })

  testHere('a quota refuses what is too much, and nothing else', async () => {
    await using at = start({ quotaOf: () => ({ bytes: 100, files: 3 }) })
    const size = async () => (await at.get('a')).headers.get('content-length')
    expect((await at.put('a', 'x'.repeat(60))).status).toBe(201)
    const refused = await at.put('b', 'x'.repeat(60))
    expect([refused.status, await refused.json()]).toEqual([
      507,
      {
        errors: [
          'The drives of this app may hold 100 bytes, and hold 60 bytes. Delete files that are no longer needed, then try again.',
        ],
      },
    ])
    expect((await at.put('a', 'x'.repeat(100))).status).toBe(201)
    expect((await at.put('a', 'x'.repeat(101))).status).toBe(507)
    expect(await size()).toBe('100')
    expect((await at.put('a', 'x')).status).toBe(201)
    const id = await begin(at, 'up')
    expect((await sendPart(at, id, 'up', 1, 'x'.repeat(99))).status).toBe(200)
    expect((await sendPart(at, id, 'up', 2, 'x')).status).toBe(507)
    expect((await at.put('c', 'x')).status).toBe(507)
    await at.fetch(`/uploads/${id}?name=up`, { method: 'DELETE' })
    for (const name of ['c', 'd']) expect((await at.put(name, 'x')).status).toBe(201)
    expect((await at.put('e', 'x')).status).toBe(507)
    expect((await at.put('d', 'y')).status).toBe(201)
    await remove(at, ['a'])
    expect((await at.put('e', 'x')).status).toBe(201)
  })
})

const collectionOf = (at: TestDrive): string => at.root.split('/').at(-2)!

async function begin(at: TestDrive, name: string, headers: Record<string, string> = {}): Promise<string> {
  const begun = await at.fetch(`/uploads?name=${enc(name)}`, { method: 'POST', headers })
  expect(begun.status).toBe(202)
  const answer = (await begun.json()) as { upload_id: string; name: string }
  expect(answer).toMatchObject({ name, project_id: collectionOf(at), drive_name: 'files' })
  return answer.upload_id
}

const sendPart = (
  at: TestDrive,
  id: string,
  name: string,
  part: number,
  body: BodyInit,
  headers: Record<string, string> = {},
) => at.fetch(`/uploads/${id}/parts?name=${enc(name)}&part=${part}`, { method: 'POST', body, headers })

const remove = (at: TestDrive, names: unknown) =>
  at.fetch('/files', {
    method: 'DELETE',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ names }),
  })

function noise(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536)
    crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65_536, length)))
  return bytes
}
