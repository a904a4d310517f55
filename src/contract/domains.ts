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
  records: z.array(dnsRecord).meta({ description: 'What its owner writes into DNS.' }),
})

export const pendingDomain = common
  .extend({
    status: z.literal('pending'),
    finding: z.enum(['none', 'others', 'no-answer']).nullable().meta({
      description:
        'What the last check found: no TXT record, only others, no answer of DNS. Null before the first.',
    }),
    checked_at: time.nullable(),
    checked_until: time.meta({ description: 'Until when the server checks on its own.' }),
  })
  .meta({ id: 'PendingDomain', description: 'Waits for its proof; no request to it is served.' })

export const activeDomain = common
  .extend({
    status: z.literal('active'),
    proof: z
      .enum(['dns', 'owner'])
      .meta({ description: '`owner`: the owner of the server did without DNS.' }),
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
  description: 'It is served once its owner has proved it with a TXT record (COMPAT 6.6).',
  auth: 'user',
  resource: 'instance',
  perMinute: 60,
  params: ofInstance,
  body: json(
    z.object({
      name: z.string().max(1_000),
      assign_anyway: z.boolean().default(false).meta({
        description: 'Another app has the domain, and loses it once this one has the proof.',
      }),
    }),
  ),
  output: created(domain),
  errors: {
    invalid: 'The name is not a domain that can be served.',
    conflict: 'The instance has this domain already, or too many.',
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
  // Each may be a question to name servers.
  perMinute: 60,
  params: ofDomain,
  body: json(
    z.object({
      without_proof: z.boolean().default(false).meta({
        description: 'Serve it without the check: the owner of the server only, and never from another app.',
      }),
    }),
  ),
  output: ok(domain),
  errors: {
    forbidden: 'Only the owner of the server may do without the proof.',
    in_use: 'Another app has the domain.',
  },
  example: { body: {}, answer: EXAMPLE_PENDING },
})

export const removeDomain = defineCall({
  method: 'DELETE',
  path: '/api/v0/instances/:id/domains/:domain',
  summary: 'Remove a custom domain',
  description: 'No gateway serves it, and its sessions have ended, before the call answers.',
  auth: 'user',
  resource: 'domain',
  params: ofDomain,
  output: noContent,
})
