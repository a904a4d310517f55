import { streamBytes } from '../../api/streams.ts'
import { connectToCollection } from '../../collections/collections.ts'
import { defineCommand, flag, jsonInput, required, serverInput } from '../../command.ts'
import { printJson, sayDone, sayNotice } from '../../context.ts'
import { formatBytes } from '../../format.ts'
import { type UnreadFile, checkExport, saveArchive } from '../../transfers/save-archive.ts'

/** Writes all data of a collection into a zip archive, and checks it. */
export const exportCollection = defineCommand({
  name: 'collections export',
  summary: 'Write all Bases and Drives of a collection to a zip archive',
  input: {
    collection: required('name of the app or collection, or id'),
    file: required('the archive'),
    replace: flag('replace the file if it exists'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, { file, replace, json, ...input }) {
    const { connection, collection } = await connectToCollection(cli, input)
    const { id, name } = collection
    const bytes = streamBytes(connection, 'GET /collections/:id/export', { params: { id } })
    let unread: readonly UnreadFile[] = []
    const check = async (path: string) => {
      unread = await checkExport(path)
    }
    const size = await saveArchive(cli, bytes, { file, isReplaced: replace, check })
    for (const { drive, name: path } of unread)
      sayNotice(cli, `Damaged on the server, and not exported: ${path} of the Drive ${drive}`)
    sayDone(cli, `Exported ${name} to ${file} (${formatBytes(size)})`)
    if (json) printJson(cli, { collection: id, file, bytes: size, damaged: unread })
  },
})
