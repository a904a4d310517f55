import { randomLabel } from '../../kernel/ids.ts'
import { Refusal, badRequest, notFound } from '../errors.ts'
import { abortUpload, addPart, beginUpload, finishUpload, hasUpload } from '../files/uploads.ts'
import { type DriveCall, fileOf, guessType, typeOf } from './drive-call.ts'
import { countField } from './query.ts'
import { storeBody } from './store-body.ts'

const UPLOAD_ID_CHARS = 20

/** POST /uploads?name= */
export async function begin(drive: DriveCall): Promise<Response> {
  const { collection, limits } = drive
  const { key, echo } = fileOf(drive)
  const id = randomLabel(UPLOAD_ID_CHARS)
  const upload = { ...key, id, type: typeOf(drive), nowMs: collection.parts.nowMs() }
  const isBegun = await collection.change((scope) => beginUpload(scope, upload, limits.openUploads))
  if (!isBegun)
    throw new Refusal(429, `${limits.openUploads} uploads are open. Finish or abort some, then try again.`)
  return Response.json({ ...echo, upload_id: id }, { status: 202 })
}

/** POST /uploads/{id}/parts?name=&part= */
export async function putPart(drive: DriveCall): Promise<Response> {
  const { collection, limits, uploadId } = drive
  const { key, echo } = fileOf(drive)
  const number = countField('part', drive.fields.get('part'))
  if (number === null || number > limits.parts)
    throw badRequest(`part must be a number from 1 to ${limits.parts}`)
  const upload = { ...key, id: uploadId }
  if (!(await hasUpload(collection.scope, upload))) throw noUpload()
  const type = typeOf(drive)
  await storeBody(drive, async (_, stored) => {
    const part = { number, type, stored, nowMs: collection.parts.nowMs() }
    if (!(await addPart(collection.scope, upload, part, collection.parts.quota()))) throw noUpload()
  })
  return Response.json({ ...echo, upload_id: uploadId, part: number })
}

/** PATCH /uploads/{id}?name= */
export async function finish(drive: DriveCall): Promise<Response> {
  const { collection, uploadId } = drive
  const { key, echo } = fileOf(drive)
  const nowMs = collection.parts.nowMs()
  const upload = { ...key, id: uploadId, otherwiseType: guessType(echo.name), nowMs }
  const isFinished = await collection.change((scope) => finishUpload(scope, upload, collection.parts.quota()))
  if (!isFinished) throw noUpload()
  collection.emptyTrashSoon()
  return Response.json({ ...echo, upload_id: uploadId })
}

/** DELETE /uploads/{id}?name= */
export async function abort(drive: DriveCall): Promise<Response> {
  const { collection, uploadId } = drive
  const { key, echo } = fileOf(drive)
  const isAborted = await collection.change((scope) => abortUpload(scope, { ...key, id: uploadId }))
  if (!isAborted) throw noUpload()
  collection.emptyTrashSoon()
  return Response.json({ ...echo, upload_id: uploadId })
}

const noUpload = () =>
  notFound('No upload of this file has this id: it was finished, aborted, or ended for want of new parts.')
