import type { Logger } from '../../kernel/log.ts'
import type { LocalRequest, LocalResponse } from '../respond/local-response.ts'
import { isPageLoad, preferredFormat, renderProblem, type Problem } from '../pages/index.ts'
import type { FileCache } from './file-cache.ts'
import { readFileName } from './file-names.ts'
import { chooseRepresentation, findFile, forgetFile, type Site } from './find-file.ts'
import { withInsertedTag } from './inserted-tag.ts'
import { respondWith } from './respond.ts'

export interface StaticOptions {
  /** Folder of the micro's files; absolute. Files outside it are never read. */
  readonly root: string
  /** Navigations to paths without a file get `/index.html` (COMPAT 8). */
  readonly spaFallback: boolean
  /** The path as the browser requested it, with the mount; equal to the request's path without a mount. */
  readonly browserPath?: string
  /** Shown on our own pages. */
  readonly requestId?: string
  /** Shared by all micros; without one every request reads its file. */
  readonly cache?: FileCache
  /** Becomes the first element in the head of pages; null or absent: pages are sent as they are. */
  readonly insertedTag?: string | null
  readonly log?: Logger
}

/**
 * Answers a request below a static micro: the file, a redirect to a folder's slash, the app's own `404.html` or our
 * page. GET and HEAD only. Never throws: errors of the disk are logged and answered with a 503.
 */
export function serveStatic(request: LocalRequest, options: StaticOptions): LocalResponse {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return problem(request, options, { kind: 'method-not-allowed', allow: ['GET', 'HEAD'] })
  try {
    return serve(request, options)
  } catch (error) {
    options.log?.error('cannot read a static file', { root: options.root, path: request.path }, error)
    return problem(request, options, { kind: 'unavailable' })
  }
}

function serve(request: LocalRequest, options: StaticOptions): LocalResponse {
  const site: Site = {
    root: options.root,
    cache: options.cache ?? null,
    nowMs: Date.now(),
    insertedTag: options.insertedTag ?? null,
  }
  const name = readFileName(request.path)
  if (name === null) return problem(request, options, { kind: 'no-such-page' })

  const browserPath = options.browserPath ?? request.path
  const index = name.relative === '' ? 'index.html' : `${name.relative}/index.html`
  const isAtMount = name.isFolder && !browserPath.endsWith('/')
  const file = isAtMount ? FOLDER : sendFile(request, site, name.isFolder ? index : name.relative)
  if (file.kind === 'sent') return file.response
  const redirect = file.kind === 'folder' ? redirectToFolder(browserPath, request.query, site, index) : null
  return redirect ?? answerMissing(request, site, options)
}

type Sent =
  { readonly kind: 'sent'; readonly response: LocalResponse } | { readonly kind: 'folder' | 'missing' }

const FOLDER: Sent = { kind: 'folder' }

/**
 * A file that is replaced between finding and opening is looked up a second time; if it changes again, it counts as
 * missing.
 */
function sendFile(request: LocalRequest, site: Site, relative: string): Sent {
  for (let attempt = 0; attempt < 2; attempt++) {
    const found = findFile(site, relative)
    if (found.kind !== 'file') return found
    const file = withInsertedTag(site, relative, found.file)
    const response = respondWith(request, chooseRepresentation(file, codingsFor(request)))
    if (response !== null) return { kind: 'sent', response }
    forgetFile(site, relative)
  }
  return { kind: 'missing' }
}

/**
 * A range is always a part of the plain file: parts of a compressed file are useless, and a client could not know in
 * which order to undo a multipart body and its coding.
 */
const codingsFor = (request: LocalRequest): string | null =>
  request.method === 'GET' && request.header('range') !== null ? null : request.header('accept-encoding')

/**
 * Redirects to the same folder with its slash, so that the page's relative links work; null without an index, because
 * there are no listings. Relative to the browser's path, so that it stays on this host; `./` keeps `a:b/` from being a
 * scheme.
 */
function redirectToFolder(
  browserPath: string,
  query: string,
  site: Site,
  index: string,
): LocalResponse | null {
  if (findFile(site, index).kind !== 'file') return null
  const last = browserPath.slice(browserPath.lastIndexOf('/') + 1)
  return {
    status: 301,
    headers: [
      ['Location', `./${last}/${query}`],
      ['Cache-Control', 'private, no-cache'],
    ],
    body: { kind: 'bytes', bytes: new Uint8Array() },
  }
}

function answerMissing(request: LocalRequest, site: Site, options: StaticOptions): LocalResponse {
  // A script or an image that is missing must fail as itself, not succeed as a page of HTML.
  if (!isPageLoad(request)) return problem(request, options, { kind: 'no-such-page' })
  const fallback = options.spaFallback ? sendFile(request, site, 'index.html') : null
  if (fallback?.kind === 'sent') return fallback.response
  return answerOwnNotFound(request, site) ?? problem(request, options, { kind: 'no-such-page' })
}

/**
 * The app's `404.html`, as site generators make it; always whole, and without its validators, which belong to another
 * URL.
 */
function answerOwnNotFound(request: LocalRequest, site: Site): LocalResponse | null {
  const header = (name: string) => (name === 'accept-encoding' ? request.header(name) : null)
  const page = sendFile({ method: 'GET', path: '/404.html', query: '', header }, site, '404.html')
  if (page.kind !== 'sent') return null
  const { headers, body } = page.response
  const kept = headers.filter(([name]) => !['ETag', 'Last-Modified', 'Accept-Ranges'].includes(name))
  return { status: 404, headers: kept, body }
}

const problem = (request: LocalRequest, { requestId }: StaticOptions, which: Problem): LocalResponse =>
  renderProblem(which, { format: preferredFormat(request), requestId: requestId ?? null })
