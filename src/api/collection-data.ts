import type { Collection, CollectionCall } from '../collections/index.ts'
import type { ErrorCode } from '../contract/index.ts'
import { HttpError } from '../kernel/http-error.ts'
import type { ApiContext } from './api-context.ts'

/** A call of Base or Drive in the collection of the caller. */
export type DataRequest = Omit<CollectionCall, 'collectionId'>

/** The answer of Base or Drive; its failures are thrown, with their texts, which are written for clients. */
export async function callCollection(
  { data }: Pick<ApiContext, 'data'>,
  { id }: Pick<Collection, 'id'>,
  request: DataRequest,
): Promise<Response> {
  const response = await data.call({ ...request, collectionId: id })
  if (response.ok || PASSED.includes(response.status)) return response
  throw await failureOf(response)
}

/** `callCollection` for an answer in JSON. */
export async function askCollection<Answer>(
  context: Pick<ApiContext, 'data'>,
  collection: Pick<Collection, 'id'>,
  { json, ...request }: DataRequest & { readonly json?: unknown },
): Promise<Answer> {
  const body = json === undefined ? request.body : JSON.stringify(json)
  const response = await callCollection(context, collection, { ...request, body })
  return (await response.json()) as Answer
}

/** Of conditions and ranges of downloads. */
const PASSED: readonly number[] = [304, 412, 416]

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  429: 'rate_limited',
  503: 'unavailable',
  507: 'no_space',
}

async function failureOf(response: Response): Promise<HttpError> {
  const { status, headers } = response
  const text = await textOf(response)
  // The collection is being deleted or cleared.
  if (status === 401) return new HttpError(404, 'not_found', 'The data of this collection is being deleted')
  const code = CODES[status]
  if (code === undefined)
    return new HttpError(500, 'internal', text, { cause: new Error(`${status}: ${text}`) })
  const wait = Number(headers.get('retry-after') ?? Number.NaN)
  return new HttpError(status, code, text, Number.isFinite(wait) ? { retryAfterSeconds: wait } : {})
}

async function textOf(response: Response): Promise<string> {
  const text = await response.text()
  try {
    const { errors, key } = JSON.parse(text) as { errors?: string[]; key?: string }
    return errors?.join('; ') ?? `There is no item with the key ${key ?? ''}`
  } catch {
    return response.status === 413 ? 'The file, or a part of it, is larger than 10 MB' : 'The call failed'
  }
}
