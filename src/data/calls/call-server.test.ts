import { expect, test } from 'bun:test'
import type { DataKeyRecord } from '../../directory/index.ts'
import { DATA_LIMITS } from '../limits.ts'
import { createMemoryService } from '../testing/memory-service.ts'
import { type AdmittedCall, CallServer } from './call-server.ts'

const KEY: DataKeyRecord = {
  id: 'dkey_a',
  collectionId: 'notes',
  mayWrite: true,
  bases: null,
  drives: null,
  expiresAtMs: null,
}

/** One place, which is taken until `free` is called. */
async function startBusy(key: DataKeyRecord | null) {
  const services = { base: createMemoryService('base'), drive: createMemoryService('drive') }
  const state = { isCurrent: true, isErasing: false }
  const current = Promise.withResolvers<boolean>()
  const keys = {
    get isCurrent() {
      return state.isCurrent
    },
    whenCurrent: () => current.promise,
    find: () => key,
    findById: () => key,
    onRevoked: () => () => {},
    noteUse() {},
  }
  const calls = new CallServer({
    services,
    keys,
    folders: { isErasing: () => state.isErasing, isMoving: () => false },
    limits: { ...DATA_LIMITS, places: 1, placesPerCollection: 1 },
    now: () => 0,
  })
  const ask = (method: string, path: string, body?: ReadableStream<Uint8Array>) => {
    const call: AdmittedCall = { service: 'base', collectionId: 'notes', name: 'todos', path, query: '', key }
    const headers = body ? { 'Transfer-Encoding': 'chunked' } : undefined
    return calls.serve(new Request('http://data/', { method, headers, body }), call)
  }
  const slow = new TransformStream<Uint8Array, Uint8Array>()
  const first = ask('PUT', '/items', slow.readable)
  return {
    state,
    current,
    ask,
    services,
    async free() {
      const writer = slow.writable.getWriter()
      await writer.write(Buffer.from('{"items":[]}'))
      await writer.close()
      await first
    },
    [Symbol.dispose]: () => calls[Symbol.dispose](),
  }
}

test('after its wait, a call waits again for a copy of the keys that may be out of date', async () => {
  using busy = await startBusy(KEY)
  const waiting = busy.ask('GET', '/items/k')
  busy.state.isCurrent = false
  await busy.free()
  busy.current.resolve(true)
  expect((await waiting).status).toBe(404)
})

test('and is refused if the copy stays out of date', async () => {
  using busy = await startBusy(KEY)
  const waiting = busy.ask('GET', '/items/k')
  busy.state.isCurrent = false
  await busy.free()
  busy.current.resolve(false)
  expect((await waiting).status).toBe(503)
})

test.each([
  ['a key', KEY],
  ['a session', null],
])('a call by %s that waited finds no collection that is erased since', async (_, key) => {
  using busy = await startBusy(key)
  const waiting = busy.ask('GET', '/items/k')
  busy.state.isErasing = true
  await busy.free()
  expect((await waiting).status).toBe(401)
  expect(busy.services.base.seen.map(({ method }) => method)).toEqual(['PUT'])
})
