import { z } from 'zod'
import { file, json } from './body.ts'
import { defineCall } from './define-call.ts'
import { accepted, created, noContent, ok, stream } from './output.ts'

/** Files of a Drive, for the owner of the collection. Apps and scripts use the data API and a data key. */
const params = { id: 'Id of the collection.' } as const
const drive = z.string().min(1).max(512).meta({ description: 'Name of the Drive.' })
/** In the query, because a name may be any text: a path would change one such as `..`. */
const name = z.string().min(1).max(4_096).meta({ description: 'Name of the file, with its folders.' })
const ofFile = z.object({ drive, name })
const ofUpload = ofFile.extend({ upload_id: z.string().regex(/^[a-z0-9]{1,64}$/) })

/** A file may have secrets of the app: no limited access token reads one. */
const common = { auth: 'user', resource: 'collection', scopes: [], params } as const
const busy = {
  rate_limited: 'Too many calls of the collection, or too many uploads, are in progress.',
} as const
/** Parts that are received at the same time, each on disk until it is stored. */
const UPLOADS_AT_ONCE = 16
const PART_BYTES = 10 * 1024 * 1024

const content = file({
  maxBytes: PART_BYTES,
  mediaType: 'application/octet-stream',
  description: 'The content, at most 10 MB. The `Content-Type` is that of the file.',
})
const EXAMPLE = { drive: 'photos', name: 'summer/beach.jpg' } as const
const EXAMPLE_UPLOAD = { ...EXAMPLE, upload_id: 'k2j3d4' } as const

export const listFiles = defineCall({
  ...common,
  method: 'GET',
  path: '/api/v0/collections/:id/drive/files',
  summary: 'List the files of a Drive',
  description:
    'With `recursive=false`, the files and folders of one folder; the name of a folder ends in `/`.',
  query: z.object({
    drive,
    prefix: z.string().max(4_096).default(''),
    last: z.string().max(4_096).default('').meta({ description: 'Of the page before.' }),
    limit: z.coerce.number().int().min(1).max(1_000).default(1_000),
    recursive: z.stringbool().default(true),
  }),
  output: ok(
    z.strictObject({
      names: z.array(z.string()),
      last: z.string().nullable().meta({ description: 'Null: there are no more.' }),
    }),
  ),
  errors: busy,
  example: { query: { drive: 'photos' }, answer: { names: ['summer/beach.jpg'], last: null } },
})

export const readFile = defineCall({
  ...common,
  method: 'GET',
  path: '/api/v0/collections/:id/drive/file',
  summary: 'Download a file of a Drive',
  description:
    'Ranges and conditions work. The answer is a download in every browser: a file of an app never becomes a page of Home.',
  query: ofFile,
  output: stream('*/*', 'The content. 206 for a range; 304, 412 and 416 as conditions and ranges require.'),
  errors: busy,
  example: { query: EXAMPLE },
})

export const putFile = defineCall({
  ...common,
  method: 'POST',
  path: '/api/v0/collections/:id/drive/files',
  summary: 'Upload a file of at most 10 MB to a Drive',
  query: ofFile,
  body: content,
  atOnce: UPLOADS_AT_ONCE,
  output: created(z.strictObject({ name: z.string() })),
  errors: busy,
  example: { query: EXAMPLE, answer: { name: EXAMPLE.name } },
})

export const startUpload = defineCall({
  ...common,
  method: 'POST',
  path: '/api/v0/collections/:id/drive/uploads',
  summary: 'Start an upload in parts',
  query: ofFile.extend({ type: z.string().max(255).default('').meta({ description: 'Type of the file.' }) }),
  output: accepted(z.strictObject({ upload_id: z.string() })),
  errors: busy,
  example: { query: { ...EXAMPLE, type: 'image/jpeg' }, answer: { upload_id: EXAMPLE_UPLOAD.upload_id } },
})

export const putPart = defineCall({
  ...common,
  method: 'PUT',
  path: '/api/v0/collections/:id/drive/uploads',
  summary: 'Upload one part',
  description: 'Parts may arrive in any order, and a part that is sent again replaces the earlier one.',
  query: ofUpload.extend({ part: z.coerce.number().int().min(1).meta({ description: 'From 1.' }) }),
  body: content,
  atOnce: UPLOADS_AT_ONCE,
  output: ok(z.strictObject({ part: z.int() })),
  errors: busy,
  example: { query: { ...EXAMPLE_UPLOAD, part: '1' }, answer: { part: 1 } },
})

export const finishUpload = defineCall({
  ...common,
  method: 'PATCH',
  path: '/api/v0/collections/:id/drive/uploads',
  summary: 'Finish an upload in parts',
  description: 'The file appears, whole.',
  query: ofUpload,
  output: ok(z.strictObject({ name: z.string() })),
  errors: busy,
  example: { query: EXAMPLE_UPLOAD, answer: { name: EXAMPLE.name } },
})

export const abortUpload = defineCall({
  ...common,
  method: 'DELETE',
  path: '/api/v0/collections/:id/drive/uploads',
  summary: 'Discard an upload in parts',
  query: ofUpload,
  output: noContent,
  errors: busy,
  example: { query: EXAMPLE_UPLOAD },
})

export const deleteFiles = defineCall({
  ...common,
  method: 'DELETE',
  path: '/api/v0/collections/:id/drive/files',
  summary: 'Delete files of a Drive',
  description: 'At most 1,000.',
  query: z.object({ drive }),
  body: json(z.object({ names: z.array(z.string()).min(1).max(1_000) }), 8 * 1024 * 1024),
  output: ok(z.strictObject({ deleted: z.array(z.string()) })),
  errors: busy,
  example: {
    query: { drive: 'photos' },
    body: { names: [EXAMPLE.name] },
    answer: { deleted: [EXAMPLE.name] },
  },
})
