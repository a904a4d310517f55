import { existsSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { findBuildPrograms } from './build-programs.ts'
import type { Mount } from './bwrap-args.ts'
import type { ProgramFolders, Toolchain } from './sandbox.ts'

const SYSTEM_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
const NODE_DIR = '/opt/node'
const HEADERS = 'include/node'
const BUN_DIR = '/opt/bun/bin'
const NODE_PACKAGES = ['npm', 'corepack', 'yarn', 'pnpm']
const NODE_COMMANDS = {
  npm: 'npm/bin/npm-cli.js',
  npx: 'npm/bin/npx-cli.js',
  corepack: 'corepack/dist/corepack.js',
  yarn: 'yarn/bin/yarn.js',
  pnpm: 'pnpm/bin/pnpm.cjs',
}

/**
 * Makes node, its package managers and bun available inside. A node below /usr is visible already. Any other node (of
 * a version manager, below a home folder) is mounted file by file, because its folder may contain private files.
 */
export function findToolchain(paths: { nodePath: string | null; bunPath: string; home?: string }): Toolchain {
  const node = paths.nodePath && existsSync(paths.nodePath) ? realpathSync(paths.nodePath) : null
  const bun = realpathSync(paths.bunPath)
  const inside = node ? nodeInside(node) : { mounts: [], links: [], dir: null }
  return {
    mounts: [{ source: bun, target: join(BUN_DIR, 'bun'), writable: false }, ...inside.mounts],
    links: inside.links,
    insidePath: [...(inside.dir ? [inside.dir] : []), ...SYSTEM_PATH, BUN_DIR],
    outsidePath: [...(paths.nodePath ? [dirname(paths.nodePath)] : []), ...SYSTEM_PATH, ...bunDirs(bun)],
    builds: withHeaders(findBuildPrograms(paths.home ?? homedir()), node),
    headers: node && hasHeaders(prefixOf(node)) ? headersOf(node) : null,
  }
}

const prefixOf = (node: string): string => dirname(dirname(node))

const hasHeaders = (prefix: string): boolean => existsSync(join(prefix, HEADERS, 'node_version.h'))

const headersOf = (node: string): Toolchain['headers'] => ({
  inside: isVisible(node) ? prefixOf(node) : NODE_DIR,
  outside: prefixOf(node),
})

/** The headers beside a Node that is mounted file by file. */
function withHeaders(builds: ProgramFolders, node: string | null): ProgramFolders {
  if (node === null || isVisible(node) || !hasHeaders(prefixOf(node))) return builds
  const headers = { source: join(prefixOf(node), HEADERS), target: join(NODE_DIR, HEADERS), writable: false }
  return { ...builds, mounts: [...builds.mounts, headers] }
}

/** The npm package of bun gives the binary another name and links it as `bun` in `.bin`. */
const bunDirs = (bun: string): string[] => [dirname(bun), join(dirname(bun), '../../.bin')]

const isVisible = (node: string): boolean => node.startsWith('/usr/')

function nodeInside(node: string) {
  if (isVisible(node)) return { mounts: [], links: [], dir: dirname(node) }
  const modules = join(dirname(dirname(node)), 'lib/node_modules')
  const packages = NODE_PACKAGES.filter((name) => existsSync(join(modules, name, 'package.json')))
  const mounts: Mount[] = [
    { source: node, target: `${NODE_DIR}/bin/node`, writable: false },
    ...packages.map((name) => ({
      source: realpathSync(join(modules, name)),
      target: `${NODE_DIR}/lib/node_modules/${name}`,
      writable: false,
    })),
  ]
  const links = Object.entries(NODE_COMMANDS)
    .filter(([, file]) => existsSync(join(modules, file)))
    .map(([name, file]) => ({ target: `../lib/node_modules/${file}`, path: `${NODE_DIR}/bin/${name}` }))
  return { mounts, links, dir: `${NODE_DIR}/bin` }
}
