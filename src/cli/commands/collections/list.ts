import type { Collection } from '../../../contract/index.ts'
import { listCollections } from '../../collections/collections.ts'
import { defineCommand, jsonInput, serverInput } from '../../command.ts'
import { connectAsUser } from '../../connect.ts'
import { printJson } from '../../context.ts'
import { formatTable } from '../../format.ts'
import { printable } from '../../printable.ts'
import { relativeTimeOr } from '../../time.ts'

export const listAllCollections = defineCommand({
  name: 'collections list',
  summary: 'List your collections: the data of apps, and data without an app',
  input: { server: serverInput, json: jsonInput },
  async run(cli, input) {
    const collections = await listCollections(await connectAsUser(cli, input.server))
    if (input.json) return printJson(cli, { collections })
    if (collections.length === 0)
      return cli.err.line(`No collections yet. Create one: ${cli.command} collections create <name>`)
    const rows = [['NAME', 'USED BY', 'CREATED', 'ID'], ...collections.map(rowOf)]
    for (const line of formatTable(rows, cli.out.colors)) cli.out.line(line)
  },
})

const rowOf = ({ name, kind, created_at, id }: Collection): string[] => [
  printable(name),
  kind === 'app' ? 'its app' : 'no app',
  printable(relativeTimeOr(created_at, '')),
  printable(id),
]
