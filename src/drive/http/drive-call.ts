import type { DataCall } from '../../data-protocol/index.ts'
import type { Collection } from '../collection/collection.ts'
import { badRequest } from '../errors.ts'
import type { FileKey } from '../files/scope.ts'
import type { DriveLimits } from '../limits.ts'
import { requireName } from '../names.ts'
import { decodeField } from './query.ts'

/** A call while its collection is open. */
export interface DriveCall {
  readonly call: DataCall
  readonly collection: Collection
  readonly limits: DriveLimits
  readonly drive: Uint8Array
  readonly fields: ReadonlyMap<string, string>
  /** Of the path; empty where it has none. */
  readonly uploadId: string
  /** Of the use of the collection: for an answer that lasts longer than the call. */
  readonly keepOpen: () => () => void
}

/** What every answer about a file says of it. */
export interface FileEcho {
  readonly name: string
  readonly project_id: string
  readonly drive_name: string
}

/** The file that `?name=` means. Throws 400. */
export function fileOf({ call, fields, drive, limits }: DriveCall): { key: FileKey; echo: FileEcho } {
  const name = decodeField(fields.get('name') ?? '')
  return {
    key: { drive, name: requireName(name, limits.nameBytes) },
    echo: { name, project_id: call.collectionId, drive_name: call.name },
  }
}

const TYPE_CHARS = 255

/** Empty: the client sent none. */
export function typeOf({ call }: DriveCall): string {
  const type = call.request.headers.get('content-type')?.trim() ?? ''
  // Octets beyond ASCII would come back as others.
  if (!/^[\t\x20-\x7e]*$/.test(type)) throw badRequest('Content-Type may have ASCII characters only')
  if (type.length > TYPE_CHARS) throw badRequest(`Content-Type may have ${TYPE_CHARS} characters`)
  return type
}

/** By the end of the name. */
export const guessType = (name: string): string => Bun.file(name.slice(name.lastIndexOf('/') + 1)).type
