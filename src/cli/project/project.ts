import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { Diagnostic, Spacefile } from '../../spacefile/index.ts'
import type { Cli } from '../context.ts'
import { CliError } from '../failure.ts'
import { count } from '../format.ts'
import type { Colors } from '../output.ts'

/** A folder with a Spacefile. */
export interface Project {
  /** Absolute. */
  readonly dir: string
  /** Base name of the folder. */
  readonly folderName: string
  /** The text of the Spacefile, uploaded byte for byte. */
  readonly source: string
  readonly diagnostics: readonly Diagnostic[]
  /** Null when a diagnostic is an error. */
  readonly spacefile: Spacefile | null
}

export type ValidProject = Project & { readonly spacefile: Spacefile }

/** `--dir` as an absolute path. Throws `bad_file` when it is not a folder. */
export function requireFolder(cli: Cli, dir: string): string {
  const path = resolve(cli.cwd, dir)
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path
  throw new CliError('bad_file', `There is no folder ${path}.`)
}

/** Reads and checks the Spacefile of a folder. Throws `no_spacefile`. */
export async function readProject(cli: Cli, dirOption: string): Promise<Project> {
  const dir = requireFolder(cli, dirOption)
  const path = join(dir, 'Spacefile')
  if (!existsSync(path))
    throw new CliError('no_spacefile', `There is no Spacefile in ${dir}.`, {
      hints: ['Create one: space new', 'Or give another folder: --dir <folder>'],
    })
  const source = readFileSync(path, 'utf8')
  const { parseSpacefile } = await import('../../spacefile/index.ts')
  const { value, diagnostics } = parseSpacefile(source, {
    hasFolder: (folder) => statSync(join(dir, folder), { throwIfNoEntry: false })?.isDirectory() ?? false,
  })
  return { dir, folderName: basename(dir), source, diagnostics, spacefile: value }
}

/** Throws `invalid_spacefile` with every error at its line; for a push, the message says that nothing was sent. */
export async function requireValid(
  cli: Cli,
  project: Project,
  purpose: 'push' | 'check',
): Promise<ValidProject> {
  if (project.spacefile) return { ...project, spacefile: project.spacefile }
  const errors = project.diagnostics.filter(({ severity }) => severity === 'error').length
  const problem = `The Spacefile has ${count(errors, 'error')}`
  const details = await diagnosticLines(project, cli.err.colors)
  if (purpose === 'check') throw new CliError('invalid_spacefile', `${problem}.`, { details })
  throw new CliError('invalid_spacefile', `${problem}; nothing was sent.`, {
    details,
    hints: ['Check again without pushing: space validate'],
  })
}

/** Every diagnostic with its line and a caret, coloured. */
export async function diagnosticLines({ source, diagnostics }: Project, colors: Colors): Promise<string[]> {
  const { formatDiagnostics } = await import('../../spacefile/index.ts')
  return formatDiagnostics(source, diagnostics)
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .replace(
          /^(Spacefile:\d+:\d+)( error:| warning:)/,
          (_, place: string, severity: string) =>
            `${colors.dim(place)}${severity === ' error:' ? colors.red(severity) : colors.yellow(severity)}`,
        )
        .replace(/^( *\d* \|)/, (gutter) => colors.dim(gutter))
        .replace(/\^$/, colors.red('^'))
        .replace(/^ {2}hint:/, colors.cyan('  hint:')),
    )
}
