import { postJson } from '../../api/calls.ts'
import type { Domain } from '../../../contract/index.ts'
import { connectToInstance } from '../../apps.ts'
import { printJson, sayDone } from '../../context.ts'
import { defineCommand, flag, jsonInput, required, serverInput } from '../../command.ts'
import { checkDomain, domainsPath } from '../../domains/domains.ts'
import { recordLines } from '../../domains/records.ts'
import { CliError } from '../../failure.ts'
import { printable } from '../../printable.ts'

/** Adds a domain. It is served once DNS proves who controls it. */
export const addDomain = defineCommand({
  name: 'domains add',
  summary: 'Add a custom domain to an app',
  input: {
    app: required('name, alias or id'),
    domain: required('for example notes.example.org'),
    assignAnyway: flag('move the domain from another app once it is verified'),
    withoutProof: flag('activate it without verification (owner of the server only)'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const { connection, instance } = await connectToInstance(cli, input)
    const { withoutProof } = input
    const wanted = { name: input.domain, assign_anyway: input.assignAnyway }
    const added = await postJson<Domain>(connection, domainsPath(instance), wanted).catch((error) => {
      const move = `${cli.command} domains add ${instance.alias} ${input.domain} --assign-anyway`
      throw isInUse(error) ? withHint(error, `To move it: ${move}`) : error
    })
    const domain = withoutProof
      ? await checkDomain(connection, instance, { domain: added, withoutProof })
      : added
    if (domain.status === 'active') sayDone(cli, `${instance.app_name} answers at ${domain.url}`)
    else {
      sayDone(cli, `Added ${domain.name}. Add these DNS records:`)
      for (const line of recordLines(domain)) cli.err.line(`  ${line}`)
      cli.err.line(
        printable(
          `The server checks for them for a day. To check now: ${cli.command} domains check ${instance.alias} ${domain.name}`,
        ),
      )
    }
    if (input.json) printJson(cli, { instance_id: instance.id, ...domain })
  },
})

const isInUse = (error: unknown): error is CliError => error instanceof CliError && error.code === 'in_use'

const withHint = (error: CliError, hint: string): CliError =>
  new CliError(error.code, error.message, { hints: [hint], cause: error })
