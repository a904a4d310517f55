import { dirname, join, normalize } from 'node:path'
import { BuildFailure } from '../failure.ts'
import { BUILD_LIMITS } from '../limits.ts'
import { readAppBytes } from '../read-app-file.ts'

/** A requirements.txt with the files that it includes, as single lines. */
export interface RequirementLines {
  readonly requirements: readonly string[]
  /** Lines of constraint files. */
  readonly constraints: readonly string[]
  /** Options of pip, for example `--extra-index-url …`. */
  readonly options: readonly string[]
}

const MAX_FILES = 50

/** Reads `name` below `dir` with every `-r` and `-c` in it. Null when there is no such file. Throws BuildFailure. */
export async function readRequirements(dir: string, name: string): Promise<RequirementLines | null> {
  const lines = { requirements: [] as string[], constraints: [] as string[], options: [] as string[] }
  const seen = new Set<string>()
  const read = async (path: string, into: 'requirements' | 'constraints', from: string | null) => {
    if (seen.has(`${into} ${path}`) || seen.size > MAX_FILES) return
    seen.add(`${into} ${path}`)
    const text = await readText(dir, path)
    if (text === null && from !== null) throw missingFile(path, from)
    for (const line of linesOf(text ?? '')) {
      const include = /^(-r|--requirement|-c|--constraint)[=\s]\s*(\S+)$/.exec(line)
      const isConstraint = into === 'constraints' || /^(-c|--con)/.test(line)
      if (include === null) lines[line.startsWith('-') && !isEditable(line) ? 'options' : into].push(line)
      else if (/^https?:/.test(include[2]!)) lines.options.push(line)
      else await read(below(path, include[2]!), isConstraint ? 'constraints' : 'requirements', path)
    }
    return text
  }
  return (await read(name, 'requirements', null)) == null ? null : lines
}

const isEditable = (line: string): boolean => /^(-e|--editable)\b/.test(line)

/** Logical lines without comments; a backslash at the end continues a line. */
function linesOf(text: string): string[] {
  return text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
}

/** `pip freeze > requirements.txt` in PowerShell writes UTF-16. */
async function readText(dir: string, path: string): Promise<string | null> {
  const bytes = await readAppBytes(dir, path, BUILD_LIMITS.packageJsonBytes)
  if (bytes === null) return null
  return new TextDecoder(encodingOf(bytes)).decode(bytes)
}

function encodingOf([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | 'utf-8' {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}

/** A path relative to the including file; one that leads out of the project counts as missing. */
function below(from: string, path: string): string {
  const target = normalize(join(dirname(from), path))
  return target.startsWith('..') || path.startsWith('/') ? `missing/${path}` : target
}

const missingFile = (path: string, from: string): BuildFailure =>
  new BuildFailure(
    'user',
    `\`${from}\` includes \`${path}\`, which is not in the upload. Add the file, or remove the line.`,
  )
