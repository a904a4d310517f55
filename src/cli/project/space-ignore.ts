import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../failure.ts'
import type { IsIgnored } from '../pack/walk.ts'

/** What the defaults and the project's own `.spaceignore` exclude (COMPAT 2.11). */
export async function readIgnore(dir: string): Promise<IsIgnored> {
  const { createIgnore } = await import('../../spacefile/index.ts')
  return createIgnore(readOwnLines(join(dir, '.spaceignore')))
}

function readOwnLines(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return ''
    // Continuing without it would push files that are meant to be excluded.
    throw new CliError('bad_file', `${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
}
