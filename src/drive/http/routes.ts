import { download } from './download.ts'
import type { DriveCall } from './drive-call.ts'
import { deleteMany, list, putOne } from './files.ts'
import { abort, begin, finish, putPart } from './uploads.ts'

export interface Route {
  readonly method: string
  /** Its group is the id of an upload. */
  readonly path: RegExp
  readonly changes: boolean
  readonly handler: (drive: DriveCall) => Promise<Response>
}

const UPLOAD = /^\/uploads\/([a-z0-9]{1,64})$/
const FILE = /^\/files\/download$/

/** Every call of COMPAT 5.3. */
export const ROUTES: readonly Route[] = [
  { method: 'POST', path: /^\/files$/, changes: true, handler: putOne },
  { method: 'GET', path: /^\/files$/, changes: false, handler: list },
  { method: 'DELETE', path: /^\/files$/, changes: true, handler: deleteMany },
  { method: 'GET', path: FILE, changes: false, handler: download },
  { method: 'HEAD', path: FILE, changes: false, handler: download },
  { method: 'POST', path: /^\/uploads$/, changes: true, handler: begin },
  { method: 'POST', path: /^\/uploads\/([a-z0-9]{1,64})\/parts$/, changes: true, handler: putPart },
  { method: 'PATCH', path: UPLOAD, changes: true, handler: finish },
  { method: 'DELETE', path: UPLOAD, changes: true, handler: abort },
]

export type Found =
  | { readonly kind: 'route'; readonly route: Route; readonly uploadId: string }
  | { readonly kind: 'wrong-method'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' }

export function findRoute(method: string, path: string): Found {
  const matches = ROUTES.filter((route) => route.path.test(path))
  const route = matches.find((each) => each.method === method)
  if (route) return { kind: 'route', route, uploadId: route.path.exec(path)?.[1] ?? '' }
  if (matches.length === 0) return { kind: 'none' }
  return { kind: 'wrong-method', allowed: matches.map((each) => each.method) }
}
