import { z } from 'zod'
import { defineCall } from './define-call.ts'
import { ok } from './output.ts'
import { OWN_LIST } from './resources.ts'

export const storage = z
  .strictObject({
    disk: z.strictObject({
      total_bytes: z.number(),
      available_bytes: z.number(),
      used_share: z.number().meta({ description: 'From 0 to 1.' }),
      is_nearly_full: z.boolean(),
    }),
    build_caches: z.strictObject({
      bytes: z.number().meta({ description: 'Total over all apps of the server.' }),
      apps: z
        .array(z.strictObject({ app_id: z.string(), bytes: z.number() }))
        .meta({ description: 'The caller’s apps only.' }),
    }),
    tools: z.strictObject({
      bytes: z.number(),
      names: z
        .array(z.string())
        .meta({ description: 'Programs that were fetched for builds, as `node-22.23.5`.' }),
    }),
    limits: z
      .strictObject({
        build_bytes: z.number().nullable(),
        build_memory_bytes: z.number(),
        build_processes: z.number(),
        build_lines: z.number().meta({ description: 'Output of one step of a build.' }),
        install_ms: z.number(),
        build_ms: z.number(),
        app_cache_bytes: z.number().nullable(),
        build_caches_bytes: z.number().nullable(),
        tools_bytes: z.number().nullable(),
      })
      .meta({ description: 'Of builds and of what they leave; null: no limit.' }),
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
      tools: { bytes: 92_000_000, names: ['node-22.23.5'] },
      limits: {
        build_bytes: 4_000_000_000,
        build_memory_bytes: 4_294_967_296,
        build_processes: 4096,
        build_lines: 20_000,
        install_ms: 600_000,
        build_ms: 1_200_000,
        app_cache_bytes: 2_000_000_000,
        build_caches_bytes: 10_000_000_000,
        tools_bytes: 2_000_000_000,
      },
    },
  },
})
