import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from '../../contract/index.ts'
import { CliError } from '../failure.ts'

/** The app a folder is linked to, stored in `.space/meta` like the official command does (COMPAT 3.3). Null: not linked. */
export function readLink(dir: string): App | null {
  const path = join(dir, '.space', 'meta')
  try {
    const { id, name, alias } = JSON.parse(readFileSync(path, 'utf8')) as Partial<App>
    if (!id) throw new SyntaxError('it names no app')
    return { id, name: name ?? id, alias: alias ?? '' }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    throw new CliError('bad_config', `${path} cannot be read: ${message}`, {
      hints: ['Link the folder again: space link'],
      cause,
    })
  }
}

/** Links a folder to an app. `.space` ignores itself, so that it is not committed. */
export function writeLink(dir: string, { id, name, alias }: App): void {
  const folder = join(dir, '.space')
  const files = {
    meta: JSON.stringify({ id, name, alias }),
    '.gitignore': '*\n',
    README: 'This folder stores which app this project is linked to. Do not commit it.\n',
  }
  try {
    mkdirSync(folder, { recursive: true })
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o660 })
  } catch (cause) {
    throw new CliError('bad_file', `The folder ${folder} cannot be written: ${(cause as Error).message}`, {
      cause,
    })
  }
}

/** Removes the link to a deleted app; a link to another app stays. */
export function unlink(dir: string, appId: string): void {
  if (readLink(dir)?.id === appId) rmSync(join(dir, '.space', 'meta'))
}
