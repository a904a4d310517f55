import { connectToInstance } from '../../apps.ts'
import { printJson, sayDone } from '../../context.ts'
import { defineCommand, flag, jsonInput, required, serverInput } from '../../command.ts'
import { checkDomain, requireDomain } from '../../domains/domains.ts'
import { findingText, recordLines } from '../../domains/records.ts'
import { CliError } from '../../failure.ts'

/** Looks for the proof of a domain now. Fails while it is not there, so that a script can wait for it. */
export const checkAppDomain = defineCommand({
  name: 'domains check',
  summary: 'Look whether DNS proves a domain, and use it if so',
  input: {
    app: required('name, alias or id'),
    domain: required('name or id of the domain'),
    withoutProof: flag('use it at once; only the owner of the server may, for names that no DNS knows'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const { connection, instance } = await connectToInstance(cli, input)
    const known = await requireDomain(connection, instance, input.domain)
    const { withoutProof } = input
    const domain = await checkDomain(connection, instance, { domain: known, withoutProof })
    if (domain.status === 'pending')
      throw new CliError('pending', `${domain.name} is not proved. ${findingText(domain)}`, {
        details: recordLines(domain),
        hints: ['DNS can take a while to show a new record.'],
      })
    sayDone(cli, `${instance.app_name} answers at ${domain.url}`)
    if (input.json) printJson(cli, { instance_id: instance.id, ...domain })
  },
})
