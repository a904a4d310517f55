import { connectToInstance } from '../../apps.ts'
import { printJson, sayDone } from '../../context.ts'
import { defineCommand, flag, jsonInput, required, serverInput } from '../../command.ts'
import { checkDomain, requireDomain } from '../../domains/domains.ts'
import { findingText, recordLines } from '../../domains/records.ts'
import { CliError } from '../../failure.ts'

/** Verifies a domain now. Fails while the record is missing, so that a script can retry. */
export const checkAppDomain = defineCommand({
  name: 'domains check',
  summary: "Verify a domain's DNS record and activate it",
  input: {
    app: required('name, alias or id'),
    domain: required('name or id of the domain'),
    withoutProof: flag('activate it without verification (owner of the server only)'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const { connection, instance } = await connectToInstance(cli, input)
    const known = await requireDomain(connection, instance, input.domain)
    const { withoutProof } = input
    const domain = await checkDomain(connection, instance, { domain: known, withoutProof })
    if (domain.status === 'pending')
      throw new CliError('pending', `${domain.name} is not verified. ${findingText(domain)}`, {
        details: recordLines(domain),
        hints: ['A new DNS record can take a while to become visible.'],
      })
    sayDone(cli, `${instance.app_name} answers at ${domain.url}`)
    if (input.json) printJson(cli, { instance_id: instance.id, ...domain })
  },
})
