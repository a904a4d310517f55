import type { Engine } from './model.ts'
import { closest } from './suggest.ts'

type Family = Engine['family']

/** Written in a Spacefile by its own name only. */
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

/** Families that carry a version; newer ones than the original's are welcome, a server runs them with what it has. */
const VERSIONED: ReadonlyArray<{ readonly pattern: RegExp; readonly family: Family }> = [
  { pattern: /^(node|nodejs)(1[2-9]|[2-9]\d)?$/, family: 'nodejs' },
  { pattern: /^python(3(\.\d{1,2})?)?$/, family: 'python' },
]

/** Engines whose result is files: they may have `serve` and may not have `include` (COMPAT 2.4). */
export const FILE_ENGINES: readonly Family[] = ['static', 'react', 'vue', 'svelte']

export function parseEngine(name: string): Engine | null {
  const plain = PLAIN.find((family) => family === name)
  if (plain !== undefined) return { name, family: plain }
  const versioned = VERSIONED.find(({ pattern }) => pattern.test(name))
  return versioned === undefined ? null : { name, family: versioned.family }
}

export function engineHint(name: string): string {
  if (name.startsWith('python2')) return 'Python 2 is gone; write `python3.11`'
  const near = closest(name, [...PLAIN, 'nodejs16', 'nodejs20', 'python3.9', 'python3.11'])
  return near === null ? `known are ${PLAIN.join(', ')}, nodejs20, python3.11` : `did you mean \`${near}\`?`
}
