/** Random operations on the index and on a plain model of it, which must agree after each. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type TestDatabase, openTestDatabase } from '../../storage/testing/test-database.ts'
import { NO_QUOTA } from '../limits.ts'
import { toBytes, toText } from '../names.ts'
import { type Random, seededRandom } from '../../wire/testing/random.ts'
import { findFile, partsOf } from './contents.ts'
import { createGroupCommit } from './group-commit.ts'
import { deleteFiles } from './delete-files.ts'
import { listDrives } from './list-drives.ts'
import { listFiles } from './list-files.ts'
import { driveMigrations } from './migrations/index.ts'
import { putFile } from './put-file.ts'
import type { DriveTables } from './schema.ts'
import type { Scope, WriteScope } from './scope.ts'
import { forgetTrash, knownBlobs, listTrash } from './trash.ts'
import { abortUpload, addPart, beginUpload, expireUploads, finishUpload } from './uploads.ts'
import { readUsage } from './usage.ts'

const SEEDS = [1, 2, Number(process.env.OWNSPACE_SEED ?? 4)]
const STEPS = 250
const DRIVES = ['one', 'two']
const PIECES = ['a', 'b', '/', '/', '.', '0', '-', 'é', '💾', '\u{10ffff}']

interface ModelUpload {
  drive: string
  name: string
  touchedMs: number
  parts: Map<number, { blob: string; size: number }>
}

/** What the index should hold. */
class Model {
  readonly files = new Map<
    string,
    { drive: string; name: string; content: string; blobs: string[]; size: number }
  >()
  readonly uploads = new Map<string, ModelUpload>()

  keyOf = (drive: string, name: string) => `${drive}\n${name}`

  usage() {
    const parts = [...this.uploads.values()].flatMap((upload) => [...upload.parts.values()])
    const sizes = [...this.files.values(), ...parts].map(({ size }) => size)
    return { files: this.files.size, bytes: sizes.reduce((sum, size) => sum + size, 0) }
  }

  blobs(): string[] {
    const parts = [...this.uploads.values()].flatMap((upload) => [...upload.parts.values()])
    return [...[...this.files.values()].flatMap(({ blobs }) => blobs), ...parts.map(({ blob }) => blob)]
  }

  list(drive: string, prefix: string, last: string, limit: number, isRecursive: boolean) {
    const entries = new Set<string>()
    for (const file of this.files.values())
      if (file.drive === drive && file.name.startsWith(prefix)) {
        const slash = isRecursive ? -1 : file.name.indexOf('/', prefix.length)
        entries.add(slash === -1 ? file.name : file.name.slice(0, slash + 1))
      }
    const after = [...entries].filter((entry) => last === '' || byBytes(entry, last) > 0).sort(byBytes)
    return { names: after.slice(0, limit), hasMore: after.length > limit }
  }
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

describe('the index and its model', () => {
  let database: TestDatabase<DriveTables>
  beforeAll(async () => void (database = await openTestDatabase<DriveTables>(driveMigrations)))
  afterAll(() => database[Symbol.asyncDispose]())

  test.each(SEEDS)('agree (seed %d)', async (seed) => {
    const random = seededRandom(seed)
    const write = createGroupCommit(database.db)
    const scope: WriteScope = { db: database.db, collection: `c${seed}`, write }
    const neighbour: WriteScope = { db: database.db, collection: `n${seed}`, write }
    await put(neighbour, new Model(), random, `n${seed}`)
    const before = await listFiles(neighbour, { ...ALL, drive: toBytes('one') })
    const model = new Model()
    for (let step = 0; step < STEPS; step += 1) {
      await random.pick(OPERATIONS)(scope, model, random, `s${seed}x${step}`)
      await compare(scope, model, random)
    }
    expect(await listFiles(neighbour, { ...ALL, drive: toBytes('one') })).toEqual(before)
  })
})

const ALL = {
  prefix: toBytes(''),
  last: toBytes(''),
  limit: 1000,
  isRecursive: true,
  turn: () => Promise.resolve(),
}
type Operation = (scope: WriteScope, model: Model, random: Random, id: string) => Promise<void>

function nameOf(random: Random): string {
  const name = Array.from({ length: random.int(5) + 1 }, () => random.pick(PIECES)).join('')
  return name.endsWith('/') ? `${name}a` : name
}

const bytesKey = (drive: string, name: string) => ({ drive: toBytes(drive), name: toBytes(name) })
const SUMS = new Uint8Array([1, 2, 3])

const put: Operation = async (scope, model, random, id) => {
  const [drive, name, size] = [random.pick(DRIVES), nameOf(random), random.int(4)]
  const file = { content: id, size, type: 'x', modified_ms: 1 }
  const part = size === 0 ? null : { blob: `b${id}`, size, sums: SUMS }
  await putFile(scope, { ...bytesKey(drive, name), file, part }, NO_QUOTA)
  model.files.set(model.keyOf(drive, name), {
    drive,
    name,
    content: id,
    blobs: part ? [part.blob] : [],
    size,
  })
}

const remove: Operation = async (scope, model, random) => {
  const drive = random.pick(DRIVES)
  const names = Array.from({ length: random.int(4) + 1 }, () => nameOf(random))
  await deleteFiles(scope, toBytes(drive), names.map(toBytes))
  for (const name of names) model.files.delete(model.keyOf(drive, name))
}

const begin: Operation = async (scope, model, random, id) => {
  const [drive, name, nowMs] = [random.pick(DRIVES), nameOf(random), random.int(1000)]
  expect(await beginUpload(scope, { ...bytesKey(drive, name), id, type: '', nowMs }, 1e6)).toBe(true)
  model.uploads.set(id, { drive, name, touchedMs: nowMs, parts: new Map() })
}

/** An upload that is there, or none. */
const someUpload = (model: Model, random: Random) => random.pick([...model.uploads, ['none', null] as const])
const keyOfUpload = (id: string, upload: ModelUpload | null) => ({
  id,
  ...bytesKey(upload?.drive ?? 'one', upload?.name ?? 'a'),
})

const addOne: Operation = async (scope, model, random, id) => {
  const [uploadId, upload] = someUpload(model, random)
  const [number, size, nowMs] = [random.int(3) + 1, random.int(4), random.int(1000)]
  const stored = size === 0 ? null : { blob: `b${id}`, size, sums: SUMS }
  const isAdded = await addPart(
    scope,
    keyOfUpload(uploadId, upload),
    { number, type: '', stored, nowMs },
    NO_QUOTA,
  )
  expect(isAdded).toBe(upload !== null)
  if (!upload) return
  upload.touchedMs = nowMs
  upload.parts.delete(number)
  if (stored) upload.parts.set(number, stored)
}

const finish: Operation = async (scope, model, random) => {
  const [id, upload] = someUpload(model, random)
  const key = { ...keyOfUpload(id, upload), otherwiseType: 'x', nowMs: 1 }
  expect(await finishUpload(scope, key, NO_QUOTA)).toBe(upload !== null)
  if (!upload) return
  expect(await finishUpload(scope, key, NO_QUOTA)).toBe(true)
  const { drive, name } = upload
  const parts = [...upload.parts].toSorted(([a], [b]) => a - b).map(([, part]) => part)
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  model.files.set(model.keyOf(drive, name), {
    drive,
    name,
    content: id,
    blobs: parts.map(({ blob }) => blob),
    size,
  })
  model.uploads.delete(id)
}

const abort: Operation = async (scope, model, random) => {
  const [id, upload] = someUpload(model, random)
  expect(await abortUpload(scope, keyOfUpload(id, upload))).toBe(upload !== null)
  model.uploads.delete(id)
}

const expire: Operation = async (scope, model, random) => {
  const beforeMs = random.int(300)
  await expireUploads(scope, beforeMs)
  for (const [id, { touchedMs }] of model.uploads) if (touchedMs < beforeMs) model.uploads.delete(id)
}

const collect: Operation = async (scope) => {
  const trash = await listTrash(scope, '', 3)
  if (trash.length > 0)
    await forgetTrash(
      scope,
      trash.map(({ blob }) => blob),
    )
}

const OPERATIONS: Operation[] = [
  put,
  put,
  put,
  put,
  remove,
  begin,
  addOne,
  addOne,
  finish,
  abort,
  expire,
  collect,
]

async function compare(scope: Scope, model: Model, random: Random): Promise<void> {
  expect(await readUsage(scope)).toEqual(model.usage())
  await compareListing(scope, model, random)
  const drive = random.pick(DRIVES)
  const name = random.pick([...model.files.values()].map((file) => file.name).concat('a'))
  const [found, expected] = [
    await findFile(scope, bytesKey(drive, name)),
    model.files.get(model.keyOf(drive, name)),
  ]
  expect(found?.content).toBe(expected?.content)
  if (found) expect((await partsOf(scope, found.content)).map(({ blob }) => blob)).toEqual(expected!.blobs)
  const drives = [...new Set([...model.files.values()].map((file) => file.drive))].sort(byBytes)
  expect((await listDrives(scope)).map(toText)).toEqual(drives)
  const trash = new Set((await listTrash(scope, '', 1000)).map(({ blob }) => blob))
  const blobs = model.blobs()
  expect(blobs.filter((blob) => trash.has(blob))).toEqual([])
  if (blobs.length > 0) expect((await knownBlobs(scope, blobs)).size).toBe(blobs.length)
}

async function compareListing(scope: Scope, model: Model, random: Random): Promise<void> {
  const drive = random.pick(DRIVES)
  const prefix = random.int(2) === 0 ? '' : nameOf(random).slice(0, 1)
  const last = random.pick(['', '', nameOf(random), `${nameOf(random)}/`])
  const [limit, isRecursive] = [random.pick([1, 2, 3, 100]), random.int(2) === 0]
  const page = await listFiles(scope, {
    drive: toBytes(drive),
    prefix: toBytes(prefix.isWellFormed() ? prefix : ''),
    last: toBytes(last),
    limit,
    isRecursive,
    turn: () => Promise.resolve(),
  })
  const expected = model.list(drive, prefix.isWellFormed() ? prefix : '', last, limit, isRecursive)
  expect({ names: page.names.map(toText), hasMore: page.hasMore }).toEqual(expected)
}
