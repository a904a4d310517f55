import type { Programs } from './sandbox.ts'

/** The package of each program, on Debian and most other distributions. */
const PACKAGES: Record<keyof Programs, string> = {
  bwrap: 'bubblewrap',
  pasta: 'passt',
  socat: 'socat',
  setpriv: 'util-linux',
  prlimit: 'util-linux',
  unshare: 'util-linux',
  nsenter: 'util-linux',
}

/** System folders only: PATH may name a folder that an app's author can write to, and these programs may run as root. */
const SEARCH_PATH = '/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin'

export type FoundPrograms =
  | { readonly kind: 'found'; readonly programs: Programs }
  | { readonly kind: 'missing'; readonly packages: readonly string[] }

/** Finds every program that the sandbox needs. */
export function findPrograms(): FoundPrograms {
  const names = Object.keys(PACKAGES) as (keyof Programs)[]
  const found = names.map((name) => [name, Bun.which(name, { PATH: SEARCH_PATH })] as const)
  const missing = found.filter(([, path]) => path === null).map(([name]) => PACKAGES[name])
  return missing.length > 0
    ? { kind: 'missing', packages: [...new Set(missing)] }
    : { kind: 'found', programs: Object.fromEntries(found) as unknown as Programs }
}

/** Of nftables. The sandbox works without it, but apps can then reach the network around this machine. */
export const findNft = (): string | null => Bun.which('nft', { PATH: SEARCH_PATH })

/** bash if it is installed: Deta Space ran these lines with bash, so apps use `source` and `[[`. */
export const findShell = (): string => Bun.which('bash', { PATH: SEARCH_PATH }) ?? '/bin/sh'
