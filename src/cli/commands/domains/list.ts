import type { Domain } from '../../../contract/index.ts'
import { connectToInstance } from '../../apps.ts'
import { printJson } from '../../context.ts'
import { defineCommand, jsonInput, optional, serverInput } from '../../command.ts'
import { listDomains } from '../../domains/domains.ts'
import { formatTable } from '../../format.ts'
import { printable } from '../../printable.ts'
import { relativeTimeOr } from '../../time.ts'

export const listAppDomains = defineCommand({
  name: 'domains list',
  summary: 'List the domains of an app',
  input: {
    app: optional('name, alias or id; default: the app of this folder'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const { connection, instance } = await connectToInstance(cli, input)
    const answer = await listDomains(connection, instance)
    if (input.json) return printJson(cli, { builtin: answer.builtin, domains: answer.domains })
    const builtin = [printable(answer.builtin.name), 'built in', '', printable(answer.builtin.url), '']
    const rows = [['DOMAIN', 'STATE', 'ADDED', 'ADDRESS', 'ID'], builtin, ...answer.domains.map(rowOf)]
    for (const line of formatTable(rows, cli.out.colors)) cli.out.line(line)
  },
})

const rowOf = (domain: Domain): string[] => [
  printable(domain.name),
  stateOf(domain),
  printable(relativeTimeOr(domain.created_at, '')),
  domain.status === 'pending' ? '' : printable(domain.url),
  printable(domain.id),
]

function stateOf(domain: Domain): string {
  if (domain.status === 'pending') return 'pending'
  return domain.proof === 'owner' ? 'active, not verified' : 'active'
}
