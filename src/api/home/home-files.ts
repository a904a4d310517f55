import { join } from 'node:path'
import { HttpError, notFound } from '../../kernel/http-error.ts'

/** No inline code, no other origins, and no framing, which would allow clickjacking. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  // Sounds and videos of a Drive.
  "media-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

export const PAGE_HEADERS = {
  'Content-Security-Policy': PAGE_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // An address of Home may hold a one-time code or a search.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const

/** The bundler puts a hash of the content into the name, as in `main-3f9k2jx1.js`: such a file never changes. */
const HASHED = /-(?=[a-z]*\d)[a-z0-9]{8}\.[a-z0-9]+$/
/** File names that the build produces. Other names, such as dot files and `..`, are never opened. */
const FILE_PATH = /^(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+\.[a-z0-9]+$/

/**
 * A file of the built web page, or the page itself for every address that names no file: its router does the rest.
 * `folder` holds the build, and is read at each request, so that a new build is served without a restart.
 */
export async function homeFile(
  folder: string,
  path: string,
  acceptEncoding: string | null,
): Promise<Response> {
  if (FILE_PATH.test(path)) return assetFile(folder, path, acceptEncoding ?? '')
  const page = Bun.file(join(folder, 'index.html'))
  if (!(await page.exists()))
    throw new HttpError(503, 'unavailable', 'Home has not been built; run: npm run build:web')
  return fileResponse(page, { 'Content-Type': page.type, 'Cache-Control': 'no-store' })
}

async function assetFile(folder: string, path: string, acceptEncoding: string): Promise<Response> {
  const asset = Bun.file(join(folder, path))
  if (path.endsWith('.html') || !(await asset.exists())) throw notFound('There is no such file')
  const headers = {
    'Content-Type': asset.type,
    'Cache-Control': HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    Vary: 'Accept-Encoding',
  }
  for (const [coding, suffix] of CODINGS) {
    const compressed = Bun.file(join(folder, path + suffix))
    if (accepts(acceptEncoding, coding) && (await compressed.exists()))
      return fileResponse(compressed, { ...headers, 'Content-Encoding': coding })
  }
  return fileResponse(asset, headers)
}

/** Compressed forms that the build leaves beside a file, best first. */
const CODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/** Whether a browser accepts `coding`: listed, with a weight other than zero. */
const accepts = (acceptEncoding: string, coding: string): boolean =>
  acceptEncoding.split(',').some((item) => {
    const [name, weight = ''] = item.split(';')
    return name!.trim().toLowerCase() === coding && !/^\s*q=0(\.0*)?\s*$/i.test(weight)
  })

/** Reads the whole file first, so that a build that replaces the file cannot truncate the answer. */
async function fileResponse(source: Bun.BunFile, headers: Record<string, string>): Promise<Response> {
  return new Response(await source.arrayBuffer(), { headers: { ...PAGE_HEADERS, ...headers } })
}
