import { z } from 'zod'
import { file, json } from './body.ts'
import { defineCall } from './define-call.ts'
import { stream } from './output.ts'

const params = { id: 'Id of the collection.' } as const

export const exportCollection = defineCall({
  method: 'GET',
  path: '/api/v0/collections/:id/export',
  summary: 'Export a collection',
  description:
    'Its data at one moment: `bases/<name>.json` and `drives/<name>/<path>`. An archive without an end is incomplete.',
  auth: 'user',
  resource: 'collection',
  // All data of an app is more than its owner expects of a token that reads.
  scopes: [],
  params,
  output: stream('application/zip', 'The archive, while it is made.'),
  errors: { unavailable: 'Too many exports are in progress.' },
  atOnce: 4,
})

/** A line of the answer. The last one has `done`, or `error`. */
export const importLine = z.strictObject({
  items: z.int(),
  files: z.int(),
  bytes: z.int(),
  bases: z.int(),
  drives: z.int(),
  skipped: z.int().meta({ description: 'Entries that are no part of a collection.' }),
  failed: z.int(),
  failures: z.array(z.string()).meta({ description: 'The first of them.' }),
  done: z.boolean().optional(),
  error: z.string().optional(),
})

export const importCollection = defineCall({
  method: 'POST',
  path: '/api/v0/collections/:id/import',
  summary: 'Import into a collection',
  description:
    'Stores the Bases and Drives of an archive of this server or of Deta Space. Replaces items and files with the same names, and keeps all others; it can be repeated.',
  auth: 'user',
  resource: 'collection',
  params,
  query: z.object({
    folder: z.string().min(1).max(1_000).optional().meta({
      description: 'Folder of the collection in an archive that has several.',
    }),
  }),
  body: file({ maxBytes: 'importBytes', mediaType: 'application/zip', description: 'The archive.' }),
  output: stream(
    'application/x-ndjson',
    'A line of JSON for each step, with counts; the last one has `done`.',
  ),
  errors: {
    unavailable: 'Too many imports are in progress, or the data of apps is not available.',
    no_space: 'The collection or the disk is full.',
  },
  atOnce: 4,
})

/** The last line of the answer; empty lines before it say that the move continues. */
export const moveLine = z.strictObject({
  items: z.int().optional(),
  blobs: z.int().optional(),
  bytes: z.int().optional(),
  done: z.boolean().optional(),
  error: z.string().optional(),
})

export const moveCollection = defineCall({
  method: 'POST',
  path: '/api/v0/collections/:id/move',
  summary: 'Move a collection to another store',
  description:
    'Copies items to PostgreSQL or SQLite, or files to S3 or the disk, compares them, and uses the new store. Apps can read during the move; what they write is answered with 503 and `Retry-After`.',
  auth: 'user',
  resource: 'collection',
  params,
  body: json(
    z.object({
      documents: z.enum(['sqlite', 'postgres']).optional().meta({ description: 'Store of the items.' }),
      files: z.enum(['disk', 's3']).optional().meta({ description: 'Store of the files.' }),
    }),
  ),
  output: stream(
    'application/x-ndjson',
    'Empty lines while it is moved; the last line is JSON with `done` or `error`.',
  ),
  errors: { unavailable: 'The data of apps is not available.' },
  example: { body: { files: 's3' } },
})
