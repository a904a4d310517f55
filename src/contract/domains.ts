import { z } from 'zod'
import { json } from './body.ts'
import { EXAMPLE_TIME, time } from './common.ts'
import { defineCall } from './define-call.ts'
import { created, noContent, ok } from './output.ts'

const dnsRecord = z
  .strictObject({ type: z.enum(['TXT', 'CNAME']), name: z.string(), value: z.string() })
  .meta({ id: 'DnsRecord' })

const common = z.strictObject({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  created_at: time,
  records: z
    .array(dnsRecord)
    .meta({ description: 'DNS records that the owner of the domain has to create.' }),
})

export const pendingDomain = common
  .extend({
    status: z.literal('pending'),
    finding: z.enum(['none', 'others', 'no-answer']).nullable().meta({
      description:
        'Result of the last check: no TXT record, only other TXT records, or no answer from DNS. Null before the first check.',
    }),
    checked_at: time.nullable(),
    checked_until: time.meta({ description: 'The server checks automatically until this time.' }),
  })
  .meta({ id: 'PendingDomain', description: 'Not yet proved; requests to the domain are not served.' })

export const activeDomain = common
  .extend({
    status: z.literal('active'),
    proof: z
      .enum(['dns', 'owner'])
      .meta({ description: '`owner`: the owner of the server activated it without DNS.' }),
    active_at: time,
  })
  .meta({ id: 'ActiveDomain' })

export const domain = z.discriminatedUnion('status', [pendingDomain, activeDomain]).meta({ id: 'Domain' })

const EXAMPLE_PENDING = {
  id: 'dom_7x2k9m4qvf',
  name: 'notes.example.org',
  url: 'http://notes.example.org:7070',
  status: 'pending',
  finding: null,
  checked_at: null,
  checked_until: EXAMPLE_TIME,
  created_at: EXAMPLE_TIME,
  records: [{ type: 'TXT', name: '_ownspace.notes.example.org', value: 'ownspace=…' }],
} as const
const ofInstance = { id: 'Id of the instance.' } as const
const ofDomain = { ...ofInstance, domain: 'Id of the domain.' } as const

export const listDomains = defineCall({
  method: 'GET',
  path: '/api/v0/instances/:id/domains',
  summary: 'List the addresses of an instance',
  auth: 'user',
  resource: 'instance',
  params: ofInstance,
  output: ok(
    z
      .strictObject({
        builtin: z.strictObject({ name: z.string(), url: z.string() }),
        domains: z.array(domain),
        may_skip_proof: z.boolean().meta({ description: 'The caller is the owner of the server.' }),
      })
      .meta({ id: 'Domains' }),
  ),
  example: {
    answer: {
      builtin: { name: 'notes-k2j3d4.space.localhost', url: 'http://notes-k2j3d4.space.localhost:7070' },
      domains: [EXAMPLE_PENDING],
      may_skip_proof: true,
    },
  },
})

export const addDomain = defineCall({
  method: 'POST',
  path: '/api/v0/instances/:id/domains',
  summary: 'Add a custom domain',
  description: 'The domain is served after a TXT record proves its ownership (COMPAT 6.6).',
  auth: 'user',
  resource: 'instance',
  perMinute: 60,
  params: ofInstance,
  body: json(
    z.object({
      name: z.string().max(1_000),
      assign_anyway: z.boolean().default(false).meta({
        description:
          'Add the domain although another app has it. The other app loses it when this app proves its ownership.',
      }),
    }),
  ),
  output: created(domain),
  errors: {
    invalid: 'The name is not a domain that can be served.',
    conflict: 'The instance already has this domain, or has too many domains.',
    in_use: 'Another app has the domain; `assign_anyway` moves it.',
  },
  example: { body: { name: 'notes.example.org' }, answer: EXAMPLE_PENDING },
})

export const checkDomain = defineCall({
  method: 'POST',
  path: '/api/v0/instances/:id/domains/:domain/check',
  summary: 'Check the proof of a domain now',
  auth: 'user',
  resource: 'domain',
  // Each call may query name servers.
  perMinute: 60,
  params: ofDomain,
  body: json(
    z.object({
      without_proof: z.boolean().default(false).meta({
        description:
          'Activate the domain without a check. Only the owner of the server may, and only when no other app has the domain.',
      }),
    }),
  ),
  output: ok(domain),
  errors: {
    forbidden: 'Only the owner of the server may activate a domain without proof.',
    in_use: 'Another app has the domain.',
  },
  example: { body: {}, answer: EXAMPLE_PENDING },
})

export const removeDomain = defineCall({
  method: 'DELETE',
  path: '/api/v0/instances/:id/domains/:domain',
  summary: 'Remove a custom domain',
  description: 'When the call answers, no gateway serves the domain and its sessions have ended.',
  auth: 'user',
  resource: 'domain',
  params: ofDomain,
  output: noContent,
})
