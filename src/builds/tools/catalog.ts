/** The programs that the server can fetch: packages of the npm registry, each a folder of its own. */
import { existsSync, readdirSync } from 'node:fs'

export const TOOL_KINDS = ['node', 'npm', 'pnpm', 'yarn', 'bun', 'deno'] as const
export type ToolKind = (typeof TOOL_KINDS)[number]

export interface Platform {
  readonly arch: string
  /** Alpine and others: programs for glibc do not start there. */
  readonly isMusl: boolean
}

export interface ToolPackage {
  readonly package: string
  /** The files of each program within the package: the first that exists. */
  readonly programs: Readonly<Record<string, readonly string[]>>
}

/** Null: the registry has no such program for this platform. */
export function packageOf(kind: ToolKind, version: string, platform: Platform): ToolPackage | null {
  const { arch, isMusl } = platform
  const isUsual = arch === 'x64' || arch === 'arm64'
  switch (kind) {
    case 'node':
      return isMusl || !isUsual ? null : { package: `node-linux-${arch}`, programs: { node: ['bin/node'] } }
    case 'npm':
      return { package: 'npm', programs: { npm: ['bin/npm-cli.js'], npx: ['bin/npx-cli.js'] } }
    case 'pnpm':
      return { package: 'pnpm', programs: { pnpm: scripts('pnpm'), pnpx: scripts('pnpx') } }
    case 'yarn':
      return {
        package: version.startsWith('1.') ? 'yarn' : '@yarnpkg/cli-dist',
        programs: { yarn: ['bin/yarn.js'], yarnpkg: ['bin/yarn.js'] },
      }
    case 'bun':
      return isUsual
        ? {
            package: `@oven/bun-linux-${arch === 'arm64' ? 'aarch64' : arch}${isMusl ? '-musl' : ''}`,
            programs: { bun: ['bin/bun'], bunx: ['bin/bun'] },
          }
        : null
    case 'deno':
      return isMusl || !isUsual
        ? null
        : { package: `@deno/linux-${arch}-glibc`, programs: { deno: ['deno'] } }
  }
}

const scripts = (name: string): string[] =>
  ['mjs', 'cjs', 'js'].map((extension) => `bin/${name}.${extension}`)

export function thisPlatform(): Platform {
  const isMusl = existsSync('/lib') && readdirSync('/lib').some((name) => name.startsWith('ld-musl-'))
  return { arch: process.arch, isMusl }
}
