import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Cli } from '../context.ts'
import { CliError, usageError } from '../failure.ts'

/** The content of the file without its final line end; null without a file. */
export function readPassphraseFile(cli: Cli, file: string | undefined): string | null {
  if (file === undefined) return null
  const text = readFile(resolve(cli.cwd, file), file).replace(/\r?\n$/, '')
  if (text === '') throw usageError(`The passphrase file ${file} is empty.`)
  return text
}

function readFile(path: string, file: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CliError('bad_file', `The passphrase file ${file} cannot be read.`, { cause })
  }
}
