import { createReadStream } from 'node:fs'
import { mkdtemp, open, opendir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { type WriteEntry, writeZip } from '../../zip/index.ts'
import type { Cli } from '../context.ts'
import { CliError } from '../failure.ts'

export interface Source extends AsyncDisposable {
  /** Of a zip archive. */
  readonly path: string
}

/** The archive at `path`; a folder is packed into a temporary one. Throws `bad_file`. */
export async function openSource(cli: Cli, file: string): Promise<Source> {
  const path = resolve(cli.cwd, file)
  const found = await stat(path).catch(() => null)
  if (found === null) throw new CliError('bad_file', `${file} does not exist.`)
  if (!found.isDirectory()) return { path, [Symbol.asyncDispose]: async () => {} }
  const temporary = await mkdtemp(join(tmpdir(), 'space-import-'))
  const packed = join(temporary, 'import.zip')
  const end = async () => await rm(temporary, { recursive: true, force: true })
  try {
    await using target = await open(packed, 'wx', 0o600)
    for await (const piece of writeZip(filesBelow(path))) await target.writeFile(piece)
    return { path: packed, [Symbol.asyncDispose]: end }
  } catch (error) {
    await end()
    throw new CliError('bad_file', `${file} could not be read: ${(error as Error).message}`, { cause: error })
  }
}

/** Links are left out: they could lead anywhere. */
async function* filesBelow(root: string): AsyncGenerator<WriteEntry> {
  for await (const entry of await opendir(root, { recursive: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    yield {
      name: relative(root, path),
      isCompressed: entry.name.endsWith('.json'),
      content: createReadStream(path),
    }
  }
}
