import { domainToASCII } from 'node:url'
import { getJson, postJson } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import type { Domain, Domains, Instance } from '../../contract/index.ts'
import { CliError } from '../failure.ts'

/** Calls for all domains of an instance. */
export const domainsPath = (instance: Instance) => `/v0/instances/${encodeURIComponent(instance.id)}/domains`

export const domainPath = (instance: Instance, domain: Domain) =>
  `${domainsPath(instance)}/${encodeURIComponent(domain.id)}`

/** The built-in domain and those of its owner, in the order in which they were added. */
export const listDomains = (connection: Connection, instance: Instance): Promise<Domains> =>
  getJson<Domains>(connection, domainsPath(instance))

/** Asks the server to verify the domain, or to activate it without verification. */
export const checkDomain = (
  connection: Connection,
  instance: Instance,
  { domain, withoutProof }: { domain: Domain; withoutProof: boolean },
): Promise<Domain> =>
  postJson<Domain>(connection, `${domainPath(instance, domain)}/check`, { without_proof: withoutProof })

/** Finds a domain by name, in any spelling, or id. Throws `not_found`. */
export async function requireDomain(
  connection: Connection,
  instance: Instance,
  reference: string,
): Promise<Domain> {
  const name = domainToASCII(reference).replace(/\.$/, '')
  const { domains } = await listDomains(connection, instance)
  const domain = domains.find((one) => one.id === reference || one.name === name)
  if (domain) return domain
  throw new CliError('not_found', `${instance.alias} has no domain "${reference}".`, {
    hints: [`To list them: space domains list ${instance.alias}`],
  })
}
