import { type SizedCollection, listSizedCollections } from '../../collections/collections.ts'
import { defineCommand, jsonInput, serverInput } from '../../command.ts'
import { connectAsUser } from '../../connect.ts'
import { printJson } from '../../context.ts'
import { formatBytes, formatTable } from '../../format.ts'
import { printable } from '../../printable.ts'
import { relativeTimeOr } from '../../time.ts'

export const listAllCollections = defineCommand({
  name: 'collections list',
  summary: 'List your collections with their sizes: the data of apps, and data without an app',
  input: { server: serverInput, json: jsonInput },
  async run(cli, input) {
    const collections = await listSizedCollections(await connectAsUser(cli, input.server))
    if (input.json) return printJson(cli, { collections })
    if (collections.length === 0)
      return cli.err.line(`No collections yet. Create one: ${cli.command} collections create <name>`)
    const rows = [['NAME', 'USED BY', 'SIZE', 'LIMIT', 'CREATED', 'ID'], ...collections.map(rowOf)]
    for (const line of formatTable(rows, cli.out.colors)) cli.out.line(line)
  },
})

const rowOf = ({ name, kind, bytes, limit_bytes, created_at, id }: SizedCollection): string[] => [
  printable(name),
  kind === 'app' ? 'its app' : 'no app',
  sizeOf(bytes),
  sizeOf(limit_bytes),
  printable(relativeTimeOr(created_at, '')),
  printable(id),
]

const sizeOf = (bytes: number | null): string => (bytes === null ? '?' : formatBytes(bytes))
