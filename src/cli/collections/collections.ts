import { api } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import type { Collection, DataKey } from '../../contract/index.ts'
import type { Cli } from '../context.ts'
import { connectAsUser } from '../connect.ts'
import { CliError } from '../failure.ts'
import { printable } from '../printable.ts'

export const listCollections = async (connection: Connection): Promise<readonly Collection[]> =>
  (await api(connection, 'GET /collections')).collections

export interface SizedCollection extends Collection {
  /** Null: not known now. */
  readonly bytes: number | null
  readonly limit_bytes: number | null
}

/** Measured at the same time; measuring a large one takes a while. */
const MEASURED_AT_ONCE = 8

export async function listSizedCollections(connection: Connection): Promise<readonly SizedCollection[]> {
  const collections = await listCollections(connection)
  const sized: SizedCollection[] = []
  for (let at = 0; at < collections.length; at += MEASURED_AT_ONCE) {
    const some = collections.slice(at, at + MEASURED_AT_ONCE)
    sized.push(...(await Promise.all(some.map((collection) => withSize(connection, collection)))))
  }
  return sized
}

/** The list is useful without sizes too, while the data of apps is not available. */
async function withSize(connection: Connection, collection: Collection): Promise<SizedCollection> {
  try {
    return await api(connection, 'GET /collections/:id', { params: { id: collection.id } })
  } catch {
    return { ...collection, bytes: null, limit_bytes: null }
  }
}

/** A signing connection and the collection with this id or name. Throws `not_found` or `ambiguous`. */
export async function connectToCollection(
  cli: Cli,
  { server, collection: wanted }: { readonly server: string | undefined; readonly collection: string },
): Promise<{ connection: Connection; collection: Collection }> {
  const connection = await connectAsUser(cli, server)
  const collections = await listCollections(connection)
  return {
    connection,
    collection: pick(collections, wanted, 'collection', `${cli.command} collections list`),
  }
}

/** Finds a data key by id or name. Throws `not_found` or `ambiguous`. */
export async function requireDataKey(
  cli: Cli,
  connection: Connection,
  { collection, key }: { readonly collection: Collection; readonly key: string },
): Promise<DataKey> {
  const { keys } = await api(connection, 'GET /collections/:id/keys', { params: { id: collection.id } })
  return pick(keys, key, 'data key', `${cli.command} data-keys list ${collection.id}`)
}

interface Named {
  readonly id: string
  readonly name: string
}

/** An id is unique, a name need not be. */
function pick<Item extends Named>(
  items: readonly Item[],
  wanted: string,
  what: string,
  listing: string,
): Item {
  const byId = items.filter(({ id }) => id === wanted)
  const found = byId.length > 0 ? byId : items.filter(({ name }) => name === wanted)
  if (found.length === 1) return found[0]!
  throw new CliError(
    found.length > 1 ? 'ambiguous' : 'not_found',
    `There ${found.length > 1 ? `are several ${what}s` : `is no ${what}`} called "${printable(wanted)}".`,
    { hints: [`To list the ids: ${listing}`] },
  )
}
