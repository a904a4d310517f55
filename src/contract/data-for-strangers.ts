import { z } from 'zod'
import { json } from './body.ts'
import { defineCall } from './define-call.ts'
import { ok } from './output.ts'

const params = { id: 'Id of the instance.' } as const
const names = z.array(z.string().min(1).max(200)).max(100).nullable()

const limits = z
  .strictObject({
    read_only: z.boolean(),
    bases: names.meta({ description: 'Names of the Bases that stay open; null: all.' }),
    drives: names.meta({ description: 'Names of the Drives that stay open; null: all.' }),
    needs_identity: z.boolean().meta({
      description: 'Calls for which the app passes on no identity have the same limits.',
    }),
  })
  .meta({ id: 'DataForStrangers' })

export const dataForStrangers = z.strictObject({
  limits: limits.nullable().meta({ description: 'Null: the app has the same rights for everyone.' }),
})

const EXAMPLE = {
  limits: { read_only: true, bases: ['articles'], drives: null, needs_identity: false },
} as const

export const getDataForStrangers = defineCall({
  method: 'GET',
  path: '/api/v0/instances/:id/access/data',
  summary: 'Read what an app may do with its data while it answers a stranger',
  auth: 'user',
  resource: 'instance',
  params,
  output: ok(dataForStrangers),
  example: { answer: EXAMPLE },
})

export const setDataForStrangers = defineCall({
  method: 'PUT',
  path: '/api/v0/instances/:id/access/data',
  summary: 'Limit what an app may do with its data while it answers a stranger',
  description:
    'A stranger is a client of a public route, without credentials. The limits need the help of the app: it has to pass on `X-Space-Identity` with its calls of Base and Drive. They apply from the next call on.',
  auth: 'user',
  resource: 'instance',
  params,
  body: json(dataForStrangers),
  output: ok(dataForStrangers),
  example: { body: EXAMPLE, answer: EXAMPLE },
})
