import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from '../../contract/index.ts'
import { CliError } from '../failure.ts'

/** Which app a folder is, as the official command keeps it in `.space/meta` (COMPAT 3.3). Null: not linked. */
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
      hints: ['Link the folder anew: space link'],
      cause,
    })
  }
}

/** Links a folder to an app. `.space` ignores itself, so that nobody commits it. */
export function writeLink(dir: string, { id, name, alias }: App): void {
  const folder = join(dir, '.space')
  const files = {
    meta: JSON.stringify({ id, name, alias }),
    '.gitignore': '*\n',
    README:
      'This folder says which app of your cloud this project is. It is not part of the project: do not commit it.\n',
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

/** Forgets a link to an app that is no more; one to another app stays. */
export function unlink(dir: string, appId: string): void {
  if (readLink(dir)?.id === appId) rmSync(join(dir, '.space', 'meta'))
}
