import { expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DATA_LIMITS, DataClient, type DataLimits, PLATFORM_SOCKET, startData } from '../data/index.ts'
import { DataKeyReplica } from '../directory/index.ts'
import { silentLogger } from '../kernel/log.ts'
import { openDataServices } from './data-services.ts'

/** Base and Drive over the collections in `folder`, as the platform calls them. */
async function openIn(folder: string, limits: Partial<DataLimits> = {}) {
  const collectionsDir = join(folder, 'collections')
  mkdirSync(collectionsDir, { recursive: true })
  const services = await openDataServices({
    collectionsDir,
    limits: { ...DATA_LIMITS, ...limits },
    minFreeBytes: 0,
    log: silentLogger,
  })
  const keys = new DataKeyReplica()
  const data = await startData({
    services,
    places: services.places,
    keys,
    collectionsDir,
    runDir: folder,
    sandboxes: null,
    log: silentLogger,
  })
  const client = new DataClient(join(folder, PLATFORM_SOCKET))
  const call = (service: 'base' | 'drive', method: string, path: string, body?: string) =>
    client.call({ service, collectionId: 'notes', name: 'my data', method, path, body })
  return {
    client,
    collectionsDir,
    call,
    async [Symbol.asyncDispose]() {
      await data[Symbol.asyncDispose]()
      await services[Symbol.asyncDispose]()
    },
  }
}

test('a copy of a collection, made while it is used, is a collection', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'services-'))
  using _ = { [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
  const [from, to] = [join(folder, 'from'), join(folder, 'to')]
  await using first = await openIn(from)
  expect((await first.call('base', 'PUT', '/items', '{"items":[{"key":"a/b","n":1}]}')).status).toBe(207)
  expect((await first.call('drive', 'POST', '/files?name=a.txt', 'hello')).status).toBe(201)
  expect(await first.client.names('notes')).toEqual({ bases: ['my data'], drives: ['my data'] })
  expect(await first.client.size('notes')).toBeGreaterThan(0)

  mkdirSync(join(to, 'collections'), { recursive: true })
  await first.client.copyTo('notes', join(to, 'collections', 'notes'))
  await using second = await openIn(to)
  expect(await (await second.call('base', 'GET', '/items/a%2Fb')).json()).toEqual({ key: 'a/b', n: 1 })
  expect(await (await second.call('drive', 'GET', '/files/download?name=a.txt')).text()).toBe('hello')

  await first.client.erase('notes')
  expect(await first.client.names('notes')).toEqual({ bases: [], drives: [] })
  expect(await first.client.size('notes')).toBe(0)
  expect((await first.call('base', 'GET', '/items/a%2Fb')).status).toBe(404)
})

test('the limits of the operator hold', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'services-'))
  using _ = { [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
  const limits = { baseBytes: 1, driveNameBytes: 8, driveParts: 2, driveUploads: 1 }
  await using services = await openIn(folder, limits)
  const statusOf = async (...call: Parameters<typeof services.call>) => (await services.call(...call)).status
  expect(await statusOf('base', 'PUT', '/items', '{"items":[{"key":"a"}]}')).toBe(507)
  expect(await statusOf('drive', 'POST', '/files?name=long-name', 'hello')).toBe(400)
  const upload = await services.call('drive', 'POST', '/uploads?name=file')
  const { upload_id: id } = (await upload.json()) as { upload_id: string }
  expect(await statusOf('drive', 'POST', '/uploads?name=more')).toBe(429)
  expect(await statusOf('drive', 'POST', `/uploads/${id}/parts?name=file&part=3`, 'x')).toBe(400)
})
