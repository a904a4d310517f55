import { z } from 'zod'
import { EXAMPLE_TIME, time } from './common.ts'

export const publicRoute = z
  .strictObject({
    micro: z.string(),
    mount: z.string().meta({ examples: ['/', '/api'] }),
    pattern: z.string().meta({ description: 'Relative to the mount.', examples: ['/ping', '/*'] }),
  })
  .meta({ id: 'PublicRoute' })

const envValue = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    value: z.string(),
    default: z.string(),
    default_set: z.boolean().meta({ description: 'The owner has set no value: `value` is the default.' }),
  })
  .meta({ id: 'EnvValue' })

export const micro = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    primary: z.boolean(),
    engine: z.string(),
    mount: z.string(),
    api_keys: z.boolean().meta({ description: 'Whether the micro accepts API keys.' }),
    presets: z
      .strictObject({ env: z.array(envValue) })
      .meta({ description: 'Sent even when empty: clients fail without it (COMPAT 3.7).' }),
  })
  .meta({ id: 'Micro' })

const iconUrl = z.string().nullable()

export const instance = z
  .strictObject({
    id: z.string(),
    app_id: z.string(),
    app_name: z.string(),
    alias: z.string(),
    url: z.string(),
    collection_id: z.string().meta({ description: 'The collection that has its data.' }),
    channel: z.enum(['development', 'experimental']),
    status: z.enum(['running', 'asleep', 'starting', 'crashed', 'updating']),
    revision_tag: z.string().meta({ description: 'Tag of the revision that serves requests.' }),
    icon_url: iconUrl,
    updated_at: time,
    api_keys_enabled: z.boolean(),
    public_routes: z.array(publicRoute),
    micros: z.array(micro),
    release: z
      .strictObject({
        id: z.string(),
        app_name: z.string(),
        channel: z.string(),
        icon_url: iconUrl,
        short_description: z.string(),
      })
      .meta({ description: 'The shape that older clients read (COMPAT 3.9).' }),
  })
  .meta({ id: 'Instance', description: 'An app that a person runs.' })

export const EXAMPLE_INSTANCE = {
  id: 'inst_6k2x9m4qve',
  app_id: 'app_3m9x2k7qvd',
  app_name: 'Notes',
  alias: 'notes-k2j3d4',
  url: 'http://notes-k2j3d4.space.localhost:7070',
  collection_id: 'k4x8m2q7vd3w9xab',
  channel: 'development',
  status: 'running',
  revision_tag: 'dory-weyi',
  icon_url: null,
  updated_at: EXAMPLE_TIME,
  api_keys_enabled: true,
  public_routes: [{ micro: 'api', mount: '/api', pattern: '/ping' }],
  micros: [
    {
      id: 'api',
      name: 'api',
      primary: true,
      engine: 'nodejs20.x',
      mount: '/api',
      api_keys: true,
      presets: { env: [] },
    },
  ],
  release: {
    id: 'rel_2x7k4m9qvc',
    app_name: 'Notes',
    channel: 'development',
    icon_url: null,
    short_description: '',
  },
} as const
