import { badRequest } from '../errors.ts'
import { deleteFiles } from '../files/delete-files.ts'
import { listFiles } from '../files/list-files.ts'
import { putFile } from '../files/put-file.ts'
import { nameProblem, toBytes, toText } from '../names.ts'
import { type DriveCall, fileOf, guessType, typeOf } from './drive-call.ts'
import { countField, readingsOf } from './query.ts'
import { readJson, storeBody } from './store-body.ts'

const LIST_DEFAULT = 1_000

/** POST /files?name= */
export async function putOne(drive: DriveCall): Promise<Response> {
  const { collection } = drive
  const { key, echo } = fileOf(drive)
  const type = typeOf(drive) || guessType(echo.name)
  await storeBody(drive, (content, part) => {
    const file = { content, size: part?.size ?? 0, type, modified_ms: collection.parts.nowMs() }
    return putFile(collection.scope, { ...key, file, part }, collection.parts.quota())
  })
  return Response.json(echo, { status: 201 })
}

/** GET /files?limit=&prefix=&last=&recursive= */
export async function list(drive: DriveCall): Promise<Response> {
  const { fields, limits } = drive
  const limit = Math.min(countField('limit', fields.get('limit')) ?? LIST_DEFAULT, limits.listed)
  const isRecursive = !['false', '0'].includes((fields.get('recursive') ?? '').toLowerCase())
  const [prefix, last] = [await reading(drive, 'prefix'), await reading(drive, 'last')]
  const page = await listFiles(drive.collection.scope, {
    drive: drive.drive,
    prefix,
    last,
    limit,
    isRecursive,
    turn: () => drive.collection.turn(),
  })
  const names = page.names.map(toText)
  return Response.json(
    page.hasMore ? { paging: { size: names.length, last: names.at(-1) }, names } : { names },
  )
}

/** Of the ways in which the field may be meant, the first that names of the drive begin with. */
async function reading({ fields, drive, collection }: DriveCall, field: string): Promise<Uint8Array> {
  const raw = fields.get(field) ?? ''
  const [likely, ...others] = readingsOf(raw === 'null' ? '' : raw).map(toBytes)
  for (const prefix of others.length > 0 ? [likely!, ...others] : []) {
    const options = {
      drive,
      prefix,
      last: NOTHING,
      limit: 1,
      isRecursive: true,
      turn: () => collection.turn(),
    }
    if ((await listFiles(collection.scope, options)).names.length > 0) return prefix
  }
  return likely!
}

const NOTHING = new Uint8Array()

/** DELETE /files with {"names":[…]} */
export async function deleteMany(drive: DriveCall): Promise<Response> {
  const { limits, collection } = drive
  const names = await namesToDelete(drive)
  const failed = names.filter((name) => nameProblem(name, limits.nameBytes) !== null)
  const deleted = names.filter((name) => !failed.includes(name))
  if (deleted.length === 0) throw badRequest('No valid names: send {"names": ["…"]}')
  await collection.change((scope) => deleteFiles(scope, drive.drive, deleted.map(toBytes)))
  collection.emptyTrashSoon()
  return Response.json(
    failed.length === 0
      ? { deleted }
      : { deleted, failed: Object.fromEntries(failed.map((name) => [name, 'invalid name'])) },
  )
}

/** Values beside the names, and names beyond the limit: those get a better message. */
const ROOM_FOR_MORE = 1_000
/** A byte of a name takes up to six characters of JSON. */
const JSON_CHARS = 6

async function namesToDelete(drive: DriveCall): Promise<string[]> {
  const { deletedAtOnce, nameBytes } = drive.limits
  const body = (await readJson(
    drive,
    deletedAtOnce * (nameBytes * JSON_CHARS + 8),
    deletedAtOnce + ROOM_FOR_MORE,
  )) as {
    names?: unknown
  } | null
  const names = body?.names
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    throw badRequest('Send the names as {"names": ["…"]}')
  if (names.length > deletedAtOnce) throw badRequest(`One call may delete ${deletedAtOnce} files`)
  return [...new Set(names)]
}
