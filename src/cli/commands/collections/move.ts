import type { MoveLine } from '../../../contract/index.ts'
import { streamBytes } from '../../api/streams.ts'
import { connectToCollection } from '../../collections/collections.ts'
import { defineCommand, jsonInput, required, serverInput, text } from '../../command.ts'
import { printJson, sayDone } from '../../context.ts'
import { CliError, usageError } from '../../failure.ts'
import { count, formatBytes } from '../../format.ts'

const STORES: Readonly<Record<string, { readonly documents?: string; readonly files?: string }>> = {
  sqlite: { documents: 'sqlite' },
  postgres: { documents: 'postgres' },
  disk: { files: 'disk' },
  s3: { files: 's3' },
}

/** Takes the items or the files of a collection to another store, while its apps read. */
export const moveCollection = defineCommand({
  name: 'data move',
  summary: 'Move the items of a collection to postgres or sqlite, or its files to s3 or disk',
  input: {
    collection: required('name of the app or collection, or id'),
    to: text('store', 'postgres or sqlite for items, s3 or disk for files'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, { to, json, ...input }) {
    const body = to === undefined || !Object.hasOwn(STORES, to) ? null : STORES[to]
    if (!body) throw usageError(`--to must be one of ${Object.keys(STORES).join(', ')}`)
    const { connection, collection } = await connectToCollection(cli, input)
    const { id, name } = collection
    const data = new Blob([JSON.stringify(body)])
    const answer = streamBytes(connection, 'POST /collections/:id/move', {
      params: { id },
      body: { contentType: 'application/json', data },
    })
    cli.err.progress(`Moving ${name}; its apps can read`)
    const { items = 0, blobs = 0, bytes = 0, error, done } = await readLine(answer)
    if (!done)
      throw new CliError('incomplete', error ?? 'The connection ended before the move.', {
        hints: ['Until a move is complete, the collection is used where it was. To repeat it is safe.'],
      })
    const moved = body.documents
      ? count(items, 'item')
      : `${count(blobs, 'part')} of files (${formatBytes(bytes)})`
    sayDone(cli, `Moved ${name} to ${to}: ${moved}, compared`)
    if (json) printJson(cli, { collection: id, to, items, blobs, bytes })
  },
})

async function readLine(answer: AsyncIterable<Uint8Array>): Promise<MoveLine> {
  const text = Buffer.concat(await Array.fromAsync(answer))
    .toString('utf8')
    .trim()
  return text === '' ? {} : (JSON.parse(text) as MoveLine)
}
