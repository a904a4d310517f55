export type Ecosystem = 'npm' | 'pypi' | 'cargo'

/** Names and versions come from files of apps. */
export const isText = (value: unknown): value is string =>
  typeof value === 'string' && /^[\x21-\x7e]{1,214}$/.test(value)

/** A package URL (purl): `pkg:npm/%40scope/name@1.0.0`. */
export const packageUrl = (ecosystem: Ecosystem, name: string, version: string): string =>
  `pkg:${ecosystem}/${name.split('/').map(encodeURIComponent).join('/')}@${encodeURIComponent(version)}`

/** The name and version in a package URL that `packageUrl` made. */
export function readPackageUrl(url: string): { readonly name: string; readonly version: string } {
  const [, name = '', version = ''] = /^pkg:\w+\/(.+)@([^@]*)$/.exec(url) ?? []
  return { name: decodeURIComponent(name), version: decodeURIComponent(version) }
}

/** The ecosystem of a package URL; null for one that `packageUrl` does not make. */
export const ecosystemOf = (url: string): Ecosystem | null =>
  (['npm', 'pypi', 'cargo'] as const).find((name) => url.startsWith(`pkg:${name}/`)) ?? null
