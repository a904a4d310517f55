import { describe, expect, test } from 'bun:test'
import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { canMount, openSmallDisk } from '../../disk/testing/small-disk.ts'
import { createLogger } from '../../kernel/log.ts'
import { until } from '../../kernel/testing/until.ts'
import { blobFiles, collectionOf, folderOf } from '../testing/blob-files.ts'
import { type TestDrive, startTestDrive } from '../testing/test-drive.ts'

const MB = 1_048_576
const DAMAGED = { errors: ["What was stored is damaged or missing. The server's log says what to restore."] }

function startLogged(options = {}) {
  const lines: string[] = []
  const log = createLogger('drive', 'info', (line) => lines.push(line))
  return { at: startTestDrive({ log, ...options }), log: () => lines.join('') }
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at]! ^= 1
  writeFileSync(path, bytes)
}

const blobOfSize = (at: TestDrive, size: number): string =>
  blobFiles(at).find((path) => statSync(path).size === size)!

describe('content', () => {
  test('one wrong bit is answered with an error, and what is around it is still read', async () => {
    const { at, log } = startLogged()
    await using _ = at
    await at.put('file', new Uint8Array(600_000))
    flip(blobFiles(at)[0]!, 300_000)
    for (const range of ['bytes=300000-300000', 'bytes=262144-262144', 'bytes=262144-']) {
      const got = await at.get('file', { range })
      expect([got.status, await got.json()]).toEqual([500, DAMAGED])
    }
    expect((await at.get('file', { range: 'bytes=0-262143' })).status).toBe(206)
    expect((await at.get('file', { range: 'bytes=524288-' })).status).toBe(206)
    expect(log()).toMatch(/error drive stored files are damaged .*is not what was stored/)
  })

  test('damage far into a file cuts the connection: a part is never taken for the whole', async () => {
    const { at, log } = startLogged()
    await using _ = at
    await at.upload('file', [
      [1, new Uint8Array(3 * MB)],
      [2, new Uint8Array(MB)],
    ])
    flip(blobOfSize(at, MB), 5)
    const got = await at.get('file')
    expect(got.status).toBe(200)
    await expect(got.arrayBuffer()).rejects.toThrow()
    await until('it is logged', () => log().includes('a download was cut'))
  })

  test.each([
    ['removed', (path: string) => rmSync(path)],
    ['cut short', (path: string) => truncateSync(path, 10)],
    ['emptied', (path: string) => truncateSync(path, 0)],
  ])('a blob that was %s is an error, and other files are not', async (_, harm) => {
    const { at, log } = startLogged()
    await using _at = at
    await at.put('file', new Uint8Array(100_000))
    await at.put('other', 'fine')
    harm(blobOfSize(at, 100_000))
    const got = await at.get('file')
    expect([got.status, await got.json()]).toEqual([500, DAMAGED])
    expect(log()).toContain('stored files are damaged')
    expect(await (await at.get('other')).text()).toBe('fine')
    expect((await at.put('file', 'again')).status).toBe(201)
    expect(await (await at.get('file')).text()).toBe('again')
  })
})

describe('the index', () => {
  test.each([
    ['missing', (path: string) => rmSync(path)],
    ['emptied', (path: string) => truncateSync(path, 0)],
    ['overwritten', (path: string) => writeFileSync(path, 'x'.repeat(8192))],
    ['cut short', (path: string) => truncateSync(path, 5000)],
  ])('that is %s is never made again, and the files stay', async (_, harm) => {
    const { at, log } = startLogged()
    await using _at = at
    await at.put('file', 'content')
    await at.drive.close(collectionOf(at))
    const index = join(folderOf(at), 'files.db')
    const whole = readFileSync(index)
    harm(index)
    for (const answer of [await at.get('file'), await at.put('new', 'x'), await at.fetch('/files')])
      expect([answer.status, await answer.json()]).toEqual([500, DAMAGED])
    expect(log()).toMatch(/stored files are damaged .*restore it from a backup/)
    expect(blobFiles(at)).toHaveLength(1)
    writeFileSync(index, whole)
    expect(await (await at.get('file')).text()).toBe('content')
  })

  test('that is removed while it is open takes no write that would be lost', async () => {
    const { at, log } = startLogged()
    await using _ = at
    await at.put('file', 'content')
    rmSync(join(folderOf(at), 'files.db'))
    const answer = await at.put('lost', 'x')
    expect([answer.status, await answer.json()]).toEqual([500, DAMAGED])
    expect((await at.fetch('/files', { method: 'DELETE', body: '{"names":["file"]}' })).status).toBe(500)
    expect(log()).toContain('was removed or replaced while it was open')
    expect(blobFiles(at)).toHaveLength(1)
  })

  test('of a collection whose folder is gone does not come back', async () => {
    const { at } = startLogged()
    await using _ = at
    await at.put('file', 'content')
    rmSync(folderOf(at), { recursive: true })
    expect((await at.put('lost', 'x')).status).toBe(500)
    expect(existsSync(folderOf(at))).toBe(false)
  })
})

describe('orphans', () => {
  test('are removed once they are old; what files name, never', async () => {
    const clock = { ms: Date.now() }
    await using at = startTestDrive({ nowMs: () => clock.ms, limits: { orphanAgeMs: 60_000 } })
    await at.put('file', 'content')
    const [blob] = blobFiles(at)
    const orphan = join(blob!, '..', `${blob!.split('/').at(-1)!.slice(0, 1)}orphanorphanorphan2`)
    const stranger = join(blob!, '..', 'NOT-OURS')
    for (const path of [orphan, stranger]) writeFileSync(path, 'left by a crash')
    await at.drive.sweep(collectionOf(at))
    expect(existsSync(orphan)).toBe(true)
    clock.ms += 61_000
    await at.drive.sweep(collectionOf(at))
    expect([existsSync(orphan), existsSync(stranger), existsSync(blob!)]).toEqual([false, true, true])
    expect(await (await at.get('file')).text()).toBe('content')
  })
})

describe.skipIf(!canMount())('a full disk', () => {
  test('refuses with 507, keeps what it has, and takes files again when there is room', async () => {
    using disk = openSmallDisk(12)!
    await using at = startTestDrive({ collectionsDir: disk.dir })
    const [old, new_] = [new Uint8Array(3 * MB).fill(1), new Uint8Array(6 * MB).fill(2)]
    expect((await at.put('file', old)).status).toBe(201)
    disk.fill()
    const answers = [await at.put('file', new_), await at.put('other', 'x'.repeat(8192))]
    for (const answer of answers) {
      expect(answer.status).toBe(507)
      expect(((await answer.json()) as { errors: string[] }).errors[0]).toStartWith(
        "The server's disk is full.",
      )
    }
    expect(new Uint8Array(await (await at.get('file')).arrayBuffer())).toEqual(old)
    disk.clear()
    expect((await at.put('file', new_)).status).toBe(201)
    expect(await at.names()).toEqual({ names: ['file'] })
    await until('what was replaced is removed', () => blobFiles(at).length === 1)
  })

  test('in the middle of a body that was not announced leaves nothing', async () => {
    using disk = openSmallDisk(4)!
    await using at = startTestDrive({ collectionsDir: disk.dir })
    await at.put('file', 'old')
    const body = new ReadableStream({
      start(controller) {
        for (let part = 0; part < 8; part += 1) controller.enqueue(new Uint8Array(MB))
        controller.close()
      },
    })
    expect((await at.put('file', body)).status).toBe(507)
    expect(blobFiles(at)).toHaveLength(1)
    expect(await (await at.get('file')).text()).toBe('old')
  })

  test('is kept from getting full by the room that must stay', async () => {
    using disk = openSmallDisk(12)!
    await using at = startTestDrive({ collectionsDir: disk.dir, limits: { minFreeBytes: 8 * MB } })
    expect((await at.put('a', new Uint8Array(2 * MB))).status).toBe(201)
    expect((await at.put('b', new Uint8Array(3 * MB))).status).toBe(507)
    expect((await at.fetch('/files', { method: 'DELETE', body: '{"names":["a"]}' })).status).toBe(200)
  })
})
