import type { Session } from '../../../contract/index.ts'
import { getJson } from '../../api/calls.ts'
import { printJson } from '../../context.ts'
import { defineCommand, jsonInput, serverInput } from '../../command.ts'
import { formatTable } from '../../format.ts'
import { printable } from '../../printable.ts'
import { connectAsUser } from '../../connect.ts'
import { relativeTimeOr } from '../../time.ts'

export const listSessions = defineCommand({
  name: 'sessions list',
  summary: 'List the browsers you are signed in with',
  input: { server: serverInput, json: jsonInput },
  async run(cli, input) {
    const connection = await connectAsUser(cli, input.server)
    const { sessions } = await getJson<{ sessions: Session[] }>(connection, '/v0/sessions')
    if (input.json) return printJson(cli, { sessions })
    if (sessions.length === 0) return cli.err.line('You are not signed in with any browser.')
    const heading = ['DEVICE', 'LAST SEEN', 'SIGNED IN', 'APPS', 'ID']
    for (const line of formatTable([heading, ...sessions.map(rowOf)], cli.out.colors)) cli.out.line(line)
  },
})

const rowOf = ({ id, device, created_at, last_seen_at, apps }: Session): string[] => [
  printable(device),
  printable(relativeTimeOr(last_seen_at, '')),
  printable(relativeTimeOr(created_at, '')),
  apps.map(({ alias }) => printable(alias)).join(', '),
  printable(id),
]
