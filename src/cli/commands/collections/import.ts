import { streamBytes } from '../../api/streams.ts'
import { connectToCollection } from '../../collections/collections.ts'
import { defineCommand, jsonInput, required, serverInput, text } from '../../command.ts'
import { printJson, sayDone, sayNotice } from '../../context.ts'
import { CliError } from '../../failure.ts'
import { formatBytes } from '../../format.ts'
import { failureLines, followImport, summaryOf } from '../../transfers/import-lines.ts'
import { openSource } from '../../transfers/pack-folder.ts'

/** Stores what an export holds. Items and files with the same names are replaced, all others stay. */
export const importCollection = defineCommand({
  name: 'collections import',
  summary: 'Read an export of this server or of Deta Space into a collection',
  input: {
    collection: required('name of the app or collection, or id'),
    file: required('zip archive, or a folder that has bases/ and drives/'),
    folder: text('name', 'folder of the collection, in an archive of several'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, { file, folder, json, ...input }) {
    const { connection, collection } = await connectToCollection(cli, input)
    const { id, name } = collection
    await using source = await openSource(cli, file)
    const data = Bun.file(source.path)
    const answer = streamBytes(connection, 'POST /collections/:id/import', {
      params: { id },
      query: { folder },
      body: { contentType: 'application/zip', data },
      onSent: (bytes) => cli.err.progress(`${formatBytes(bytes)} of ${formatBytes(data.size)} sent`),
    })
    const result = await followImport(cli, answer)
    if (result.failed > 0)
      throw new CliError(
        'incomplete',
        `Imported ${summaryOf(result)}; ${result.failed} could not be stored.`,
        {
          details: failureLines(result),
        },
      )
    for (const line of failureLines(result)) sayNotice(cli, line)
    if (json) printJson(cli, { collection: id, ...result })
    sayDone(cli, `Imported ${summaryOf(result)} of ${name}`)
  },
})
