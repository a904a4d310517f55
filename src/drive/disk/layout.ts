import { join } from 'node:path'

/** A few dozen folders: each listing stays short, and few uploads have to make one. */
const SHARD_CHARS = 1
export const SHARD = /^[a-z0-9]$/
const BLOB_ID = /^[a-z0-9]{20}$/

export const isBlobId = (name: string): boolean => BLOB_ID.test(name)

export const shardOf = (root: string, id: string): string => join(root, id.slice(0, SHARD_CHARS))

/** Throws for what is no id: no text from outside ever becomes a path. */
export function pathOf(root: string, id: string): string {
  if (!isBlobId(id)) throw new Error(`not the id of a blob: ${id}`)
  return join(shardOf(root, id), id)
}
