/**
 * Equivalent paths: other paths under which a server answers with the same page. Express and Koa ignore case and a last
 * slash, file servers add `index.html`, `.html` and `.gz`, frameworks serve a page's data under a separate path. A
 * private rule therefore closes all equivalent paths, and the data of a page is public only if the page is.
 */

/** Text without the differences of case, width and form that some routers or file systems ignore. */
export function fold(text: string): string {
  let isPlain = true
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0x80) return text.normalize('NFKC').toUpperCase().toLowerCase()
    if (code >= 0x41 && code <= 0x5a) isPlain = false
  }
  return isPlain ? text : text.toLowerCase()
}

/** All folded equivalents of a path that a private rule is tried on, the path itself first. At most eight. */
export function equivalentsOf(text: string): string[] {
  const folded = fold(text)
  const page = pageOf(folded)
  const equivalents = new Set([folded, trimSegments(folded), page === '' ? '/' : page])
  for (const suffix of ['/', '/index.html', '.html', '/index.htm', '.htm']) equivalents.add(page + suffix)
  return [...equivalents]
}

/** The common prefix of all equivalents of a folded path. */
export function sharedByEquivalents(folded: string): string {
  if (folded.includes(NEXT_DATA)) return ''
  const rare = firstRare(folded)
  if (rare >= 0) return folded.slice(0, folded.lastIndexOf('/', rare))
  return folded.endsWith('/') ? folded.slice(0, -1) : folded
}

/** The offset of the first dot or blank: equivalents do not change what is before its segment. */
function firstRare(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x2e || code === 0x20) return i
  }
  return -1
}

/**
 * Whether the part of a path behind a pattern's head (`rest`), or an equivalent of it, begins with one of these
 * (folded).
 */
export function isExcepted(not: readonly string[], rest: string): boolean {
  const equivalents = equivalentsOf(`/${rest}`).map((equivalent) => equivalent.slice(1))
  return equivalents.some((equivalent) => not.some((start) => equivalent.startsWith(start)))
}

/** Removes what file servers and frameworks append to a page's path; `''` is the root. */
export function pageOf(folded: string): string {
  const page = pageOfData(folded) ?? trimSegments(folded)
  let end = page.length
  for (;;) {
    const suffix = PAGE_SUFFIXES.find((suffix) => page.endsWith(suffix, end))
    if (suffix === undefined) return page.slice(0, end)
    end -= suffix.length
  }
}

const DATA_FILES = ['/__data.json', '/_payload.json', '/_payload.js']
const PAGE_SUFFIXES = [
  '/',
  '.',
  ' ',
  '/index.html',
  '/index.htm',
  '.html',
  '.htm',
  '.rsc',
  '.data',
  '.br',
  '.gz',
  '.zst',
  ...DATA_FILES,
]
const NEXT_DATA = '/_next/data/'

/**
 * The page whose data this path serves, or null: SvelteKit (`/page/__data.json`), Nuxt (`/page/_payload.json`),
 * Next (`/_next/data/<build>/page.json`, below a base path if there is one).
 */
export function pageOfData(text: string): string | null {
  const next = text.indexOf(NEXT_DATA)
  if (next >= 0 && text.endsWith('.json')) {
    const build = text.indexOf('/', next + NEXT_DATA.length)
    const page = text.slice(0, next) + (build < 0 ? '' : text.slice(build, -'.json'.length))
    return page === '/index' || page === '' ? '/' : page
  }
  const file = DATA_FILES.find((name) => text.endsWith(name))
  if (file === undefined) return null
  return text.length === file.length ? '/' : text.slice(0, -file.length)
}

/** Without the dots and blanks at the end of segments, which Windows ignores. */
function trimSegments(text: string): string {
  if (!text.includes('.') && !text.includes(' ')) return text
  let out = ''
  for (let start = 0; start <= text.length;) {
    const slash = text.indexOf('/', start)
    const next = slash < 0 ? text.length : slash
    let end = next
    while (end > start && (text[end - 1] === '.' || text[end - 1] === ' ')) end--
    out += text.slice(start, end) + (slash < 0 ? '' : '/')
    start = next + 1
  }
  return out
}
