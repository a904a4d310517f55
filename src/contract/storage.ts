import { z } from 'zod'
import { defineCall } from './define-call.ts'
import { ok } from './output.ts'
import { OWN_LIST } from './resources.ts'

export const storage = z
  .strictObject({
    disk: z.strictObject({
      total_bytes: z.number(),
      available_bytes: z.number(),
      used_share: z.number().meta({ description: '0 to 1.' }),
      is_nearly_full: z.boolean(),
    }),
    build_caches: z.strictObject({
      bytes: z.number().meta({ description: 'Of all apps of the server.' }),
      apps: z
        .array(z.strictObject({ app_id: z.string(), bytes: z.number() }))
        .meta({ description: 'Apps of the caller only.' }),
    }),
  })
  .meta({ id: 'Storage' })

export const getStorage = defineCall({
  method: 'GET',
  path: '/api/v0/storage',
  summary: 'Read how full the disk of the server is',
  auth: 'user',
  resource: OWN_LIST,
  output: ok(storage),
  example: {
    answer: {
      disk: {
        total_bytes: 100_000_000_000,
        available_bytes: 60_000_000_000,
        used_share: 0.4,
        is_nearly_full: false,
      },
      build_caches: { bytes: 52_428_800, apps: [{ app_id: 'app_3m9x2k7qvd', bytes: 52_428_800 }] },
    },
  },
})
