import { describe, expect, test } from 'bun:test'
import {
  type FakePlatform,
  FAKE_COLLECTION,
  FAKE_DATA_KEY,
  startFakePlatform,
} from './testing/fake-platform.ts'
import { asUserOf, runSpace } from './testing/run-space.ts'
import { createTempFolder } from './testing/temp-folder.ts'

async function run(peer: FakePlatform, argv: readonly string[]) {
  using folder = createTempFolder({})
  return await runSpace(argv, { cwd: folder.path, env: asUserOf(peer) })
}

const { id } = FAKE_COLLECTION
const OTHER = { ...FAKE_COLLECTION, id: 'a9b8', name: 'Recipes' }

async function startWith(collections: readonly object[]): Promise<FakePlatform> {
  const peer = await startFakePlatform()
  peer.on('GET /v0/collections', () => ({ json: { collections } }))
  return peer
}

describe('collections', () => {
  test('are listed', async () => {
    await using peer = await startWith([FAKE_COLLECTION, OTHER])
    const sized = { ...FAKE_COLLECTION, bytes: 81_920, limit_bytes: 2e12 }
    peer.on(`GET /v0/collections/${id}`, () => ({ json: sized }))
    const { stdout } = await run(peer, ['collections', 'list'])
    expect(stdout).toMatch(/no app +82 kB +2 TB /)
    expect(stdout).toMatch(/no app +\? +\? /)
    expect(stdout).toContain(id)
    const json = JSON.parse((await run(peer, ['collections', 'list', '--json'])).stdout) as unknown
    expect(json).toEqual({ collections: [sized, { ...OTHER, bytes: null, limit_bytes: null }] })
  })

  test('are created and renamed', async () => {
    await using peer = await startWith([FAKE_COLLECTION])
    peer.on('POST /v0/collections', () => ({ status: 201, json: FAKE_COLLECTION }))
    peer.on(`PATCH /v0/collections/${id}`, () => ({ json: { ...FAKE_COLLECTION, name: 'Cooking' } }))
    expect((await run(peer, ['collections', 'create', 'Recipes'])).stdout).toBe(`${id}\n`)
    expect((await run(peer, ['collections', 'rename', 'Recipes', 'Cooking'])).stderr).toContain('to Cooking')
  })

  test('are deleted after a yes, and never by a name that two have', async () => {
    await using peer = await startWith([FAKE_COLLECTION, OTHER])
    peer.on(`DELETE /v0/collections/${id}`, () => ({ status: 204, text: '' }))
    expect((await run(peer, ['collections', 'delete', id])).exitCode).toBe(2)
    expect((await run(peer, ['collections', 'delete', 'Recipes', '--yes'])).stderr).toContain('several')
    expect(peer.calls().filter((call) => call.startsWith('DELETE'))).toEqual([])
    expect((await run(peer, ['collections', 'delete', id, '--yes'])).exitCode).toBe(0)
    expect(peer.calls()).toContain(`DELETE /v0/collections/${id}`)
  })
})

describe('data keys', () => {
  test('are created with limits, and the value alone is on stdout', async () => {
    await using peer = await startWith([FAKE_COLLECTION])
    const created = { ...FAKE_DATA_KEY, value: `${id}_secret` }
    peer.on(`POST /v0/collections/${id}/keys`, () => ({ status: 201, json: created }))
    const argv = ['data-keys', 'create', 'Recipes', '--name', 'backup', '--read-only', '--base', 'soups']
    expect((await run(peer, argv)).stdout).toBe(`${id}_secret\n`)
    const sent = peer.received.find(({ method }) => method === 'POST')!
    expect(JSON.parse(sent.body.toString())).toEqual({ name: 'backup', read_only: true, bases: ['soups'] })
  })

  test('are listed with what they open', async () => {
    await using peer = await startWith([FAKE_COLLECTION])
    const limited = { ...FAKE_DATA_KEY, bases: ['soups'], drives: [], read_only: true }
    peer.on(`GET /v0/collections/${id}/keys`, () => ({ json: { keys: [FAKE_DATA_KEY, limited] } }))
    const { stdout } = await run(peer, ['data-keys', 'list', id])
    expect(stdout).toMatch(/backup +you +all /)
    expect(stdout).toContain('Base soups, read-only')
  })

  test('of an app are rotated', async () => {
    await using peer = await startFakePlatform()
    peer.on('POST /v0/instances/inst_1/data_key/rotate', () => ({ status: 204, text: '' }))
    expect((await run(peer, ['data-keys', 'rotate', 'SpaceAuth'])).stderr).toContain('Replaced the data key')
  })

  test('are deleted by name', async () => {
    await using peer = await startWith([FAKE_COLLECTION])
    peer.on(`GET /v0/collections/${id}/keys`, () => ({ json: { keys: [FAKE_DATA_KEY] } }))
    peer.on(`DELETE /v0/collections/${id}/keys/dkey_1`, () => ({ status: 204, text: '' }))
    expect((await run(peer, ['data-keys', 'delete', id, 'backup'])).exitCode).toBe(0)
    expect((await run(peer, ['data-keys', 'delete', id, 'nope'])).stderr).toContain('no data key')
  })
})
