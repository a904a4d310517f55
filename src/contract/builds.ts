import { z } from 'zod'
import { JSON_MAX_BYTES, bytes, file, json } from './body.ts'
import {
  EXAMPLE_PAGE,
  EXAMPLE_TIME,
  failure,
  followQuery,
  operationStatus,
  page,
  paging,
  time,
} from './common.ts'
import { defineCall } from './define-call.ts'
import { EXAMPLE_EXPOSURE, exposure } from './exposure.ts'
import { accepted, ok, stream } from './output.ts'

export const build = z
  .strictObject({
    id: z.string(),
    app_id: z.string(),
    tag: z.string().meta({ description: 'Name of the revision.' }),
    status: operationStatus,
    failure,
    created_at: time,
  })
  .meta({ id: 'Build' })

const EXAMPLE_BUILD = {
  id: 'bld_8k3x6m2qva',
  app_id: 'app_3m9x2k7qvd',
  tag: 'dory-weyi',
  status: 'complete',
  failure: null,
  created_at: EXAMPLE_TIME,
} as const
const params = { id: 'Id of the build.' } as const
const uploaded = z.strictObject({ build_id: z.string() })
const STARTED = 'The push has already started.'

/** Also a file name and part of a process id: no slash, no leading dot. */
const tag = z
  .string()
  .regex(
    /^[A-Za-z0-9][\w.-]{0,47}$/,
    'must be 1 to 48 letters, digits, ".", "_" or "-", and begin with a letter or digit',
  )

export const createBuild = defineCall({
  method: 'POST',
  path: '/api/v0/builds',
  summary: 'Start a push',
  description:
    'A push is four calls (COMPAT 3.5): this one, then manifest, icon and code. The upload of the code starts the build.',
  auth: 'user',
  scopes: ['push'],
  resource: { kind: 'app', in: 'body', field: 'app_id' },
  perMinute: 60,
  body: json(
    z.object({
      app_id: z.string(),
      tag: tag.or(z.literal('')).default('').meta({ description: 'The server chooses one when omitted.' }),
      auto_pwa: z.boolean().default(true),
    }),
  ),
  output: accepted(z.strictObject({ id: z.string() })),
  errors: { conflict: 'The app already has a revision with this tag.' },
  example: { body: { app_id: EXAMPLE_BUILD.app_id, tag: 'v1' }, answer: { id: EXAMPLE_BUILD.id } },
})

export const putManifest = defineCall({
  method: 'POST',
  path: '/api/v0/builds/:id/manifest',
  summary: 'Upload the Spacefile of a push',
  description: 'Answers with the routes that the push will make public or private.',
  auth: 'user',
  scopes: ['push'],
  resource: 'build',
  params,
  body: bytes({ maxBytes: JSON_MAX_BYTES, mediaType: 'text/plain', description: 'The Spacefile, in YAML.' }),
  output: ok(uploaded.extend({ exposure })),
  errors: { invalid: 'The Spacefile has errors; the message shows each with its line.', conflict: STARTED },
  example: { answer: { build_id: EXAMPLE_BUILD.id, exposure: EXAMPLE_EXPOSURE } },
})

export const putIcon = defineCall({
  method: 'POST',
  path: '/api/v0/builds/:id/icon',
  summary: 'Upload the icon of a push',
  auth: 'user',
  scopes: ['push'],
  resource: 'build',
  params,
  body: bytes({ maxBytes: 'iconBytes', mediaType: 'image/png', description: 'A PNG or WebP image.' }),
  output: ok(uploaded),
  errors: { invalid: 'The icon is not a PNG or WebP image.', conflict: STARTED },
  example: { answer: { build_id: EXAMPLE_BUILD.id } },
})

const logExposure = z.object({
  log_exposure: z.stringbool().default(true).meta({
    description:
      '`false`: the log of the build does not begin with the exposure, because the client shows it itself.',
  }),
})

export const startBuild = defineCall({
  method: 'POST',
  path: '/api/v0/builds/:id/code',
  summary: 'Upload the code of a push, and start the build',
  description:
    'Answers as soon as the push has started: archive → build → promotion → installation. Follow the logs of each. A second push of an app waits for the first.',
  auth: 'user',
  scopes: ['push'],
  resource: 'build',
  atOnce: 8,
  params,
  query: logExposure.extend({
    rebuild: z.stringbool().default(false).meta({
      description: '`true`: build every micro, also those that have not changed since an earlier revision.',
    }),
  }),
  body: file({
    maxBytes: 'archiveBytes',
    mediaType: 'application/zip',
    description: 'Source and assets, as ZIP.',
  }),
  output: ok(uploaded),
  errors: {
    conflict: `${STARTED} Or it has no Spacefile yet.`,
    rate_limited: 'Too many pushes of this app are waiting.',
  },
  example: { answer: { build_id: EXAMPLE_BUILD.id } },
})

export const repeatBuild = defineCall({
  method: 'POST',
  path: '/api/v0/builds/:id/unchanged',
  summary: 'Start a push whose code has not changed, without uploading it',
  description:
    'In place of the upload of the code. Only for an archive from which the revision that runs was built; otherwise the push waits for its code.',
  auth: 'user',
  scopes: ['push'],
  resource: 'build',
  params,
  query: logExposure,
  body: json(
    z.object({
      archive_sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal')
        .meta({ description: 'SHA-256 of the archive.' }),
    }),
  ),
  output: ok(uploaded),
  errors: {
    conflict: `${STARTED} Or it has no Spacefile yet.`,
    not_found: 'The revision that runs was not built from this archive.',
    rate_limited: 'Too many pushes of this app are waiting.',
  },
  example: {
    body: { archive_sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' },
    answer: { build_id: EXAMPLE_BUILD.id },
  },
})

export const listBuilds = defineCall({
  method: 'GET',
  path: '/api/v0/builds',
  summary: 'List the builds of an app',
  description: 'The newest comes first.',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: { kind: 'app', in: 'query', field: 'app_id' },
  query: paging.extend({ app_id: z.string() }),
  output: ok(z.strictObject({ builds: z.array(build), page })),
  example: {
    query: { app_id: EXAMPLE_BUILD.app_id },
    answer: { builds: [EXAMPLE_BUILD], page: EXAMPLE_PAGE },
  },
})

export const getBuild = defineCall({
  method: 'GET',
  path: '/api/v0/builds/:id',
  summary: 'Read a build',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: 'build',
  params,
  output: ok(
    build
      .extend({
        exposure: exposure.nullable().meta({ description: 'Null until the Spacefile is uploaded.' }),
      })
      .meta({ id: 'BuildDetails' }),
  ),
  example: { answer: { ...EXAMPLE_BUILD, exposure: EXAMPLE_EXPOSURE } },
})

const component = z.strictObject({
  type: z.enum(['application', 'library']),
  name: z.string(),
  version: z.string(),
  'bom-ref': z.string().optional(),
  purl: z.string().optional(),
})

const sbom = z
  .strictObject({
    bomFormat: z.literal('CycloneDX'),
    specVersion: z.literal('1.6'),
    version: z.literal(1),
    metadata: z.strictObject({
      timestamp: time,
      tools: z.strictObject({ components: z.array(component) }),
      component,
    }),
    components: z.array(component),
    dependencies: z.array(z.strictObject({ ref: z.string(), dependsOn: z.array(z.string()) })),
  })
  .meta({ id: 'Sbom' })

const EXAMPLE_SBOM = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    timestamp: EXAMPLE_TIME,
    tools: { components: [{ type: 'application', name: 'node', version: '22.11.0' }] },
    component: { type: 'application', name: 'notes', version: 'dory-weyi', 'bom-ref': 'app' },
  },
  components: [
    { type: 'application', name: 'web', version: 'dory-weyi', 'bom-ref': 'micro:web' },
    {
      type: 'library',
      name: 'express',
      version: '4.21.1',
      'bom-ref': 'pkg:npm/express@4.21.1',
      purl: 'pkg:npm/express@4.21.1',
    },
  ],
  dependencies: [
    { ref: 'app', dependsOn: ['micro:web'] },
    { ref: 'micro:web', dependsOn: ['pkg:npm/express@4.21.1'] },
  ],
} as const

export const readSbom = defineCall({
  method: 'GET',
  path: '/api/v0/builds/:id/sbom',
  summary: 'Read what a revision is made of',
  description:
    'The tools and the dependencies of its micros, as CycloneDX 1.6. A revision of an earlier version of the server has none: 404.',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: 'build',
  params,
  output: ok(sbom),
  example: { answer: EXAMPLE_SBOM },
})

const registry = z.enum(['npm', 'pypi', 'cargo'])

const vulnerability = z.strictObject({
  id: z.string(),
  severity: z.string().nullable().meta({ description: 'As the registry says it; null when it does not.' }),
  title: z.string(),
  url: z.string().nullable(),
  fixed_in: z.array(z.string()).meta({ description: 'Empty when the registry names no fixed version.' }),
})

const audit = z
  .strictObject({
    packages: z
      .array(
        z.strictObject({
          registry,
          name: z.string(),
          version: z.string(),
          vulnerabilities: z.array(vulnerability),
        }),
      )
      .meta({ description: 'Packages with known vulnerabilities.' }),
    unasked: z
      .array(z.strictObject({ registry, reason: z.string() }))
      .meta({ description: 'Registries that were not asked about all packages, and why.' }),
  })
  .meta({ id: 'Audit' })

export const auditBuild = defineCall({
  method: 'GET',
  path: '/api/v0/builds/:id/audit',
  summary: 'Find packages of a revision with known vulnerabilities',
  description:
    'The server asks the npm registry and the Python index that builds install from; it sends them names and versions. A registry that does not answer is listed under `unasked`. A revision of an earlier version of the server has no list of packages: 404.',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: 'build',
  perMinute: 20,
  atOnce: 4,
  params,
  output: ok(audit),
  example: {
    answer: {
      packages: [
        {
          registry: 'npm',
          name: 'lodash',
          version: '4.17.20',
          vulnerabilities: [
            {
              id: 'GHSA-35jh-r3h4-6jhm',
              severity: 'high',
              title: 'Command Injection in lodash',
              url: 'https://github.com/advisories/GHSA-35jh-r3h4-6jhm',
              fixed_in: ['4.17.21'],
            },
          ],
        },
      ],
      unasked: [{ registry: 'cargo', reason: 'it does not offer audits' }],
    },
  },
})

export const readBuildLog = defineCall({
  method: 'GET',
  path: '/api/v0/builds/:id/logs',
  summary: 'Read the log of a build',
  auth: 'user',
  scopes: ['push', 'read'],
  resource: 'build',
  params,
  query: followQuery,
  output: stream('text/plain', 'Lines of text.'),
})
