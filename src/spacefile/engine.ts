import type { Engine } from './model.ts'
import { closest } from './suggest.ts'

type Family = Engine['family']

/** Engines without a version in their name. */
const PLAIN: readonly Family[] = [
  'static',
  'react',
  'svelte',
  'vue',
  'next',
  'nuxt',
  'svelte-kit',
  'custom',
  'bun',
  'deno',
]

/** Families with a version. Newer versions than the original's are accepted; the server uses the versions it has. */
const VERSIONED: ReadonlyArray<{ readonly pattern: RegExp; readonly family: Family }> = [
  { pattern: /^(node|nodejs)(1[2-9]|[2-9]\d)?$/, family: 'nodejs' },
  { pattern: /^python(3(\.\d{1,2})?)?$/, family: 'python' },
]

/** Engines that produce files: `serve` is allowed, `include` is not (COMPAT 2.4). */
export const FILE_ENGINES: readonly Family[] = ['static', 'react', 'vue', 'svelte']

export function parseEngine(name: string): Engine | null {
  const plain = PLAIN.find((family) => family === name)
  if (plain !== undefined) return { name, family: plain }
  const versioned = VERSIONED.find(({ pattern }) => pattern.test(name))
  return versioned === undefined ? null : { name, family: versioned.family }
}

export function engineHint(name: string): string {
  if (name.startsWith('python2')) return 'Python 2 is not supported; write `python3.11`'
  const near = closest(name, [...PLAIN, 'nodejs16', 'nodejs20', 'python3.9', 'python3.11'])
  return near === null ? `engines are ${PLAIN.join(', ')}, nodejs20, python3.11` : `did you mean \`${near}\`?`
}
