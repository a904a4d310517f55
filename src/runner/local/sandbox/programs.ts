import type { Programs } from './sandbox.ts'

/** What each program comes from, on Debian and most others. */
const PACKAGES: Record<keyof Programs, string> = {
  bwrap: 'bubblewrap',
  pasta: 'passt',
  socat: 'socat',
  setpriv: 'util-linux',
  prlimit: 'util-linux',
  unshare: 'util-linux',
  nsenter: 'util-linux',
}

/** System folders only: PATH may name one that an app's author can write to, and as root these run as root. */
const SEARCH_PATH = '/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin'

export type FoundPrograms =
  | { readonly kind: 'found'; readonly programs: Programs }
  | { readonly kind: 'missing'; readonly packages: readonly string[] }

/** Looks for every program that the walls are built with. */
export function findPrograms(): FoundPrograms {
  const names = Object.keys(PACKAGES) as (keyof Programs)[]
  const found = names.map((name) => [name, Bun.which(name, { PATH: SEARCH_PATH })] as const)
  const missing = found.filter(([, path]) => path === null).map(([name]) => PACKAGES[name])
  return missing.length > 0
    ? { kind: 'missing', packages: [...new Set(missing)] }
    : { kind: 'found', programs: Object.fromEntries(found) as unknown as Programs }
}

/** Of nftables; walls can be built without, but the network around this machine stays open then. */
export const findNft = (): string | null => Bun.which('nft', { PATH: SEARCH_PATH })

/** bash where there is one: apps write `source` and `[[` into lines that Space ran with it. */
export const findShell = (): string => Bun.which('bash', { PATH: SEARCH_PATH }) ?? '/bin/sh'
