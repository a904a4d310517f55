import { calls } from '../../contract/index.ts'
import { isServerOwner } from '../../people/index.ts'
import { addDomain, listDomains, parseDomainName, requireDomain } from '../../domains/index.ts'
import { forbidden, invalid } from '../../kernel/http-error.ts'
import { apiLimits } from '../api-limits.ts'
import { domainAnswer } from '../views/domain.ts'
import { route } from '../route.ts'

/** Custom domains of an app (COMPAT 6.6). */
export const domainRoutes = [
  route(calls.listDomains, async ({ db, hosts }, { caller, instance }) => {
    const domains = await listDomains(db, instance.id)
    return {
      builtin: { name: hosts.hostName(instance.alias), url: hosts.origin(instance.alias) },
      domains: domains.map((domain) => domainAnswer(hosts, domain)),
      may_skip_proof: await isServerOwner(db, caller.user.id),
    }
  }),
  route(calls.addDomain, async (context, { instance, body }) => {
    const { db, hosts, now } = context
    const name = parseDomainName(body.name)
    if (hosts.isReserved(name))
      throw invalid(`${hosts.domain} and its subdomains are reserved for this server; choose another domain.`)
    const domain = await addDomain(db, {
      instanceId: instance.id,
      name,
      assignAnyway: body.assign_anyway,
      most: apiLimits(context).domainsPerInstance,
      nowMs: now(),
    })
    return domainAnswer(hosts, domain)
  }),
  route(calls.checkDomain, async ({ db, hosts, domains }, { caller, instance, domain, body }) => {
    if (body.without_proof && !(await isServerOwner(db, caller.user.id)))
      throw forbidden('Only the owner of this server may activate a domain without proof.')
    if (body.without_proof) await domains.activateUnproved(domain)
    else await domains.check(domain)
    return domainAnswer(hosts, await requireDomain(db, instance.id, domain.id))
  }),
  // Answers once no gateway serves the domain and its sessions have ended.
  route(calls.removeDomain, ({ domains }, { domain }) => domains.remove(domain)),
]
