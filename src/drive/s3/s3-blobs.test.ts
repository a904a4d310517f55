/** What only a store over the network can do wrong. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { S3Client } from 'bun'
import { createLogger } from '../../kernel/log.ts'
import { until } from '../../kernel/testing/until.ts'
import { s3Blobs } from '../index.ts'
import { BUILD_WITHIN_MS, type S3Server, missingS3, startS3 } from '../testing/s3-server.ts'
import { startTestDrive } from '../testing/test-drive.ts'

const MB = 1_048_576

if (missingS3) console.warn(`SKIPPED: the S3 store of drives. ${missingS3}`)

describe.skipIf(missingS3 !== null)('an S3 store', () => {
  let server: S3Server
  let client: S3Client
  beforeAll(async () => {
    server = await startS3()
    client = new S3Client(server.store)
  }, BUILD_WITHIN_MS)
  afterAll(() => server[Symbol.asyncDispose]())

  function start(prefix: string, limits = {}) {
    const lines: string[] = []
    const at = startTestDrive({
      blobsOf: () => s3Blobs({ store: server.store, prefix, requestMs: 5_000 }),
      log: createLogger('drive', 'info', (line) => lines.push(line)),
      limits,
    })
    const keys = async () => ((await client.list({ prefix })).contents ?? []).map(({ key }) => key)
    return { at, keys, log: () => lines.join('') }
  }

  test('that lost an object answers with an error, and keeps other files', async () => {
    const { at, keys, log } = start('lost/')
    await using _ = at
    await at.put('file', 'content')
    const [key] = await keys()
    await at.put('other', 'fine')
    await client.delete(key!)
    expect((await at.get('file')).status).toBe(500)
    expect(log()).toContain('stored files are damaged')
    expect(await (await at.get('other')).text()).toBe('fine')
  })

  test('that returns other bytes is caught', async () => {
    const { at, keys } = start('other/')
    await using _ = at
    await at.put('file', 'content')
    const [key] = await keys()
    await client.write(key!, 'comtent')
    expect((await at.get('file')).status).toBe(500)
  })

  test('is left without a trace by an upload that is refused in the middle', async () => {
    const { at, keys } = start('refused/', { bodyBytes: 8 * MB })
    await using _ = at
    const body = new ReadableStream({
      start(controller) {
        for (let part = 0; part < 9; part += 1) controller.enqueue(new Uint8Array(MB))
        controller.close()
      },
    })
    expect((await at.put('file', body)).status).toBe(413)
    await until('no object is left', async () => (await keys()).length === 0)
  })

  test('is emptied of what files no longer name, and of orphans', async () => {
    const { at, keys } = start('swept/', { orphanAgeMs: -60_000 })
    await using _ = at
    await at.put('file', 'old')
    await at.put('file', 'new')
    await client.write('swept/orphanorphanorphan22', 'left by a crash')
    await client.write('swept/notours', 'of somebody else')
    await at.drive.sweep(at.root.split('/').at(-2)!)
    const left = await keys()
    expect(left).toHaveLength(2)
    expect(left).toContain('swept/notours')
    expect(await (await at.get('file')).text()).toBe('new')
  })

  test('that cannot be reached is answered with 503, and what it has is read when it is back', async () => {
    await using own = await startS3()
    const blobsOf = () => s3Blobs({ store: own.store, prefix: 'gone/', requestMs: 2_000 })
    await using at = startTestDrive({ blobsOf })
    await at.put('file', 'content')
    await own.stop()
    const answers = [await at.put('new', 'x'), await at.get('file')]
    for (const answer of answers)
      expect([answer.status, await answer.json()]).toEqual([
        503,
        { errors: ['The store of files cannot be reached. Try again in a moment.'] },
      ])
    expect(await at.names()).toEqual({ names: ['file'] })
  })
})
