import { z } from 'zod'
import { isServerOwner } from '../../people/index.ts'
import { addDomain, listDomains, parseDomainName, requireDomain } from '../../domains/index.ts'
import { requireInstance } from '../../instances/index.ts'
import { forbidden, invalid } from '../../kernel/http-error.ts'
import { json, platformLimits } from '../body-spec.ts'
import { domainAnswer } from '../views/domain.ts'
import { route } from '../route.ts'

const newDomain = z.object({
  name: z.string().max(1_000),
  /** Another app has it, and is to lose it once this one has the proof. */
  assign_anyway: z.boolean().default(false),
})

const check = z.object({
  /** Use it without looking; only the owner of the server may say so. */
  without_proof: z.boolean().default(false),
})

/** Custom domains of an app (COMPAT 6.6). */
export const domainRoutes = [
  route({
    method: 'GET',
    path: '/instances/:id/domains',
    auth: 'user',
    handler: async ({ db, hosts }, { caller, params }) => {
      const instance = await requireInstance(db, caller.user.id, params.id)
      const domains = await listDomains(db, instance.id)
      return Response.json({
        builtin: { name: hosts.hostName(instance.alias), url: hosts.origin(instance.alias) },
        domains: domains.map((domain) => domainAnswer(hosts, domain)),
        may_skip_proof: await isServerOwner(db, caller.user.id),
      })
    },
  }),
  route({
    method: 'POST',
    path: '/instances/:id/domains',
    auth: 'user',
    perMinute: 60,
    body: json(newDomain),
    handler: async (deps, { caller, params, body }) => {
      const { db, hosts, now } = deps
      const instance = await requireInstance(db, caller.user.id, params.id)
      const name = parseDomainName(body.name)
      if (hosts.isReserved(name))
        throw invalid(`${hosts.domain} and all names below it belong to this server itself.`)
      const domain = await addDomain(db, {
        instanceId: instance.id,
        name,
        assignAnyway: body.assign_anyway,
        most: platformLimits(deps).domainsPerInstance,
        nowMs: now(),
      })
      return Response.json(domainAnswer(hosts, domain), { status: 201 })
    },
  }),
  route({
    method: 'POST',
    path: '/instances/:id/domains/:domain/check',
    auth: 'user',
    // Each may be a question to name servers.
    perMinute: 60,
    body: json(check),
    handler: async ({ db, hosts, domains }, { caller, params, body }) => {
      const instance = await requireInstance(db, caller.user.id, params.id)
      const domain = await requireDomain(db, instance.id, params.domain)
      if (body.without_proof && !(await isServerOwner(db, caller.user.id)))
        throw forbidden('Only the owner of this server may use a domain without proof.')
      if (body.without_proof) await domains.activateUnproved(domain)
      else await domains.check(domain)
      return Response.json(domainAnswer(hosts, await requireDomain(db, instance.id, domain.id)))
    },
  }),
  route({
    method: 'DELETE',
    path: '/instances/:id/domains/:domain',
    auth: 'user',
    handler: async ({ db, domains }, { caller, params }) => {
      const instance = await requireInstance(db, caller.user.id, params.id)
      // Answered once no gateway serves it and its sessions have ended.
      await domains.remove(await requireDomain(db, instance.id, params.domain))
      return new Response(null, { status: 204 })
    },
  }),
]
