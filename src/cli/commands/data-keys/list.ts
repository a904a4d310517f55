import type { DataKey } from '../../../contract/index.ts'
import { api } from '../../api/calls.ts'
import { connectToCollection } from '../../collections/collections.ts'
import { defineCommand, jsonInput, required, serverInput } from '../../command.ts'
import { printJson } from '../../context.ts'
import { formatTable } from '../../format.ts'
import { printable } from '../../printable.ts'
import { relativeTimeOr } from '../../time.ts'

export const listDataKeys = defineCommand({
  name: 'data-keys list',
  summary: 'List the data keys of a collection, with their last use',
  input: { collection: required('name or id'), server: serverInput, json: jsonInput },
  async run(cli, input) {
    const { connection, collection } = await connectToCollection(cli, input)
    const { keys } = await api(connection, 'GET /collections/:id/keys', { params: { id: collection.id } })
    if (input.json) return printJson(cli, { keys })
    if (keys.length === 0)
      return cli.err.line(`No data keys yet. Create one: ${cli.command} data-keys create ${collection.id}`)
    const rows = [['NAME', 'FOR', 'OPENS', 'CREATED', 'LAST USED', 'ID'], ...keys.map(rowOf)]
    for (const line of formatTable(rows, cli.out.colors)) cli.out.line(line)
  },
})

const PURPOSES = { app: 'the app', project: 'development', user: 'you' } as const

const rowOf = (key: DataKey): string[] => [
  printable(key.name),
  PURPOSES[key.kind],
  printable(opened(key)),
  printable(relativeTimeOr(key.created_at, '')),
  printable(relativeTimeOr(key.last_used_at, 'never')),
  printable(key.id),
]

/** `all, read-only`, or `Base recipes, Drive photos`. */
function opened({ bases, drives, read_only }: DataKey): string {
  const names = [
    ...(bases ?? ['*']).map((name) => `Base ${name}`),
    ...(drives ?? ['*']).map((name) => `Drive ${name}`),
  ]
  const what = bases === null && drives === null ? ['all'] : names
  return [...what, ...(read_only ? ['read-only'] : [])].join(', ')
}
