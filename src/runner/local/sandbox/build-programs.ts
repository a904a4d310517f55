import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Mount } from './bwrap-args.ts'
import type { ProgramFolders } from './sandbox.ts'

const MACHINE_DIR = '/opt/machine'

/** A folder with `bin/`, or one program. */
interface Found {
  readonly name: string
  readonly path: string
  readonly isProgram: boolean
}

/**
 * Compilers and build tools in the places where their own installers put them. Only the toolchain or the program itself
 * is mounted: beside them, in `~/.cargo` or `~/.local`, are credentials and settings with tokens.
 */
export function findBuildPrograms(home: string): ProgramFolders {
  const found = [findGo(home), findRust(home), ...SINGLE_PROGRAMS.map((name) => findProgram(name, home))]
  const all = found.filter((one) => one !== null)
  return {
    mounts: all.filter(({ path }) => !isVisible(path)).map(mountOf),
    insidePath: [...new Set(all.map(insideBin))],
    outsidePath: [...new Set(all.map(outsideBin))],
  }
}

/** Folders below /usr are in the sandbox already. */
const isVisible = (path: string): boolean => path.startsWith('/usr/')

const outsideBin = ({ path, isProgram }: Found): string => (isProgram ? dirname(path) : join(path, 'bin'))
const insideBin = (found: Found): string =>
  isVisible(found.path) ? outsideBin(found) : `${MACHINE_DIR}/${found.name}/bin`

function mountOf({ name, path, isProgram }: Found): Mount {
  const target = `${MACHINE_DIR}/${name}${isProgram ? `/bin/${name}` : ''}`
  return { source: path, target, writable: false }
}

/** `~/go` is usually the user's workspace, with the sources of private modules: only an SDK has a VERSION file. */
function findGo(home: string): Found | null {
  const places = [
    '/usr/local/go',
    ...below('/usr/lib', /^go(-\d[\d.]*)?$/),
    ...below(join(home, 'sdk'), /^go\d/),
  ]
  const sdk = join(home, 'go')
  if (existsSync(join(sdk, 'VERSION')) && !existsSync(join(sdk, 'pkg/mod'))) places.push(sdk)
  return folderWith('go', places)
}

/** The toolchain itself instead of rustup's proxies, which need the whole of `~/.rustup` and `~/.cargo`. */
function findRust(home: string): Found | null {
  const toolchains = join(home, '.rustup/toolchains')
  const byDefault = defaultToolchain(join(home, '.rustup/settings.toml'))
  const names = byDefault === null ? [] : [join(toolchains, byDefault)]
  const found = folderWith('cargo', [...names, ...below(toolchains, /^stable-/)])
  return found && { ...found, name: 'rust' }
}

function defaultToolchain(file: string): string | null {
  if (!existsSync(file)) return null
  const [, name] = /^default_toolchain\s*=\s*"([\w.-]+)"/m.exec(readFileSync(file, 'utf8')) ?? []
  return name ?? null
}

/** Programs that consist of one file. */
const SINGLE_PROGRAMS = ['uv', 'deno'] as const

function findProgram(name: (typeof SINGLE_PROGRAMS)[number], home: string): Found | null {
  const places = [`${home}/.local/bin`, `${home}/.cargo/bin`, `${home}/.${name}/bin`]
  const place = places.find((dir) => existsSync(join(dir, name)))
  if (place === undefined) return null
  const path = realpathSync(join(place, name))
  // A link to a program of another name, or a script of an environment, would not work at another path.
  return basename(path) === name ? { name, path, isProgram: true } : null
}

function folderWith(program: string, places: readonly string[]): Found | null {
  const place = places.find((dir) => existsSync(join(dir, 'bin', program)))
  return place === undefined ? null : { name: program, path: realpathSync(place), isProgram: false }
}

/** The last name first, which is usually the newest version. */
function below(dir: string, pattern: RegExp): string[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir)
    .filter((name) => pattern.test(name))
    .sort((a, b) => b.localeCompare(a, undefined, { numeric: true }))
    .map((name) => join(dir, name))
}
