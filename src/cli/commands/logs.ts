import { getJson } from '../api/calls.ts'
import type { LogEntry } from '../../contract/index.ts'
import { connectToInstance } from '../apps.ts'
import { printJson } from '../context.ts'
import { defineCommand, jsonInput, optional, serverInput, text } from '../command.ts'
import { usageError } from '../failure.ts'
import type { Colors } from '../output.ts'
import { printable } from '../printable.ts'

/** The output of the micros of an app, oldest first. */
export const logs = defineCommand({
  name: 'logs',
  summary: 'Show the output of an app',
  input: {
    app: optional('name, alias or id; default: the app of this folder'),
    micro: text('name', 'only this micro', { short: 'm' }),
    limit: text('number', 'maximum number of lines', { default: '200' }),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    if (!/^[1-9]\d{0,5}$/.test(input.limit)) throw usageError('--limit must be a number, for example 500')
    const { connection, instance } = await connectToInstance(cli, input)
    const path = `/v0/instances/${encodeURIComponent(instance.id)}/logs`
    const query = { micro: input.micro, limit: input.limit }
    const { logs } = await getJson<{ logs: LogEntry[] }>(connection, path, query)
    const entries = logs.toReversed()
    if (input.json) return printJson(cli, { logs: entries })
    if (entries.length === 0) return cli.err.line('The app has printed nothing yet.')
    for (const entry of entries) cli.out.line(formatEntry(entry, cli.out.colors))
  },
})

function formatEntry({ timestamp, micro_name, event_type, msg }: LogEntry, colors: Colors): string {
  const text = printable(msg, colors.isColorSupported)
  const isError = event_type === 'stderr'
  return `${colors.dim(printable(timestamp))} ${colors.cyan(`[${printable(micro_name)}]`)} ${isError ? colors.yellow(text) : text}`
}
