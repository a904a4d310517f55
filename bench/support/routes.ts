/** Public routes in the proportions of published apps: prefixes, exact paths, stars without a slash, extensions, two stars. */
export function routesLikePublished(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const part = i % 100
    if (part < 50) return `/static${i}/*`
    if (part < 85) return `/page-${i}/view`
    if (part < 92) return `/submit${i}*`
    if (part < 95) return `/*.ext${i}`
    return `/v${i}*/public/*`
  })
}

/** Paths that make a careless matcher slow, by what they try, for a length in characters. */
export const hostilePaths: ReadonlyArray<[name: string, make: (length: number) => string]> = [
  ['one long segment', (length) => `/${'a'.repeat(length)}`],
  ['many segments', (length) => `/${'a/'.repeat(length / 2)}x`],
  ['empty segments', (length) => '/'.repeat(length)],
  ['steps up', (length) => `/${'a/../'.repeat(length / 5)}x`],
  ['percent signs, encoded twice', (length) => `/${'%2525'.repeat(length / 5)}`],
  ['encoded text', (length) => `/${'%C3%A9'.repeat(length / 6)}`],
  ['text that normalises', (length) => `/${'%EF%AC%83'.repeat(length / 9)}`],
  ['what a rule with two stars looks for, almost', (length) => `/v95${'/publi'.repeat(length / 6)}`],
  ['what a private rule folds', (length) => `/static0/${'ADMIN/'.repeat(length / 6)}`],
  ['suffixes that file servers add', (length) => `/static0${'/index.html'.repeat(length / 11)}`],
  ['data of data of a page', (length) => `/static0${'/__data.json'.repeat(length / 12)}`],
]
