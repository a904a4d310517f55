import { SERVER_FLAGS, type ServerFlag } from '../config/index.ts'
import { type Cli, sayDone } from './context.ts'

const BUILD_BOUNDS = [
  'build-disk',
  'build-memory',
  'build-processes',
  'install-within',
  'build-within',
  'build-lines',
  'max-upload',
  'builds-at-once',
] as const
const CACHE_BOUNDS = ['app-cache', 'build-caches', 'tools-cache', 'keep-revisions', 'min-free'] as const

type Bound = (typeof BUILD_BOUNDS)[number] | (typeof CACHE_BOUNDS)[number]

/** Prints what limits builds and their caches, each with its flag. */
export function showBounds(cli: Cli): Readonly<Record<Bound, string>> {
  const say = (title: string, bounds: readonly Bound[]) =>
    sayDone(cli, `${title}: ${bounds.map((bound) => `--${bound} ${valueOf(cli, bound)}`).join(', ')}`)
  say('Limits of a build', BUILD_BOUNDS)
  say('Limits of what builds leave', CACHE_BOUNDS)
  const all = [...BUILD_BOUNDS, ...CACHE_BOUNDS].map((bound) => [bound, valueOf(cli, bound)])
  return Object.fromEntries(all) as Record<Bound, string>
}

/** As set in the environment, else the default, which ends the help text. */
function valueOf(cli: Cli, flag: ServerFlag): string {
  const { env, help } = SERVER_FLAGS[flag]
  return cli.env[env] || (/\(([^()]*)\)$/.exec(help)?.[1] ?? 'unknown')
}
