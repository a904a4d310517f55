import { domainToASCII } from 'node:url'
import { api } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import type { Domain, Domains, Instance } from '../../contract/index.ts'
import { CliError } from '../failure.ts'

/** The built-in domain and those of its owner, in the order in which they were added. */
export const listDomains = (connection: Connection, instance: Instance): Promise<Domains> =>
  api(connection, 'GET /instances/:id/domains', { params: { id: instance.id } })

/** Asks the server to verify the domain, or to activate it without verification. */
export const checkDomain = (
  connection: Connection,
  instance: Instance,
  { domain, withoutProof }: { domain: Domain; withoutProof: boolean },
): Promise<Domain> =>
  api(connection, 'POST /instances/:id/domains/:domain/check', {
    params: { id: instance.id, domain: domain.id },
    body: { without_proof: withoutProof },
  })

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
