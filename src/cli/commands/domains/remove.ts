import { remove } from '../../api/calls.ts'
import { connectToInstance } from '../../apps.ts'
import { printJson, sayDone } from '../../context.ts'
import { defineCommand, jsonInput, required, serverInput } from '../../command.ts'
import { domainPath, requireDomain } from '../../domains/domains.ts'

/** Removes a domain. When this resolves, nothing is served there and its sessions have ended. */
export const removeDomain = defineCommand({
  name: 'domains remove',
  summary: 'Remove a domain from an app, effective at once',
  input: {
    app: required('name, alias or id'),
    domain: required('name or id of the domain'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const { connection, instance } = await connectToInstance(cli, input)
    const domain = await requireDomain(connection, instance, input.domain)
    await remove(connection, domainPath(instance, domain))
    sayDone(cli, `Removed ${domain.name}: ${instance.app_name} no longer answers there`)
    if (input.json) printJson(cli, { removed: domain.id })
  },
})
