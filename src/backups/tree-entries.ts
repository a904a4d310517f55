import { createReadStream } from 'node:fs'
import { lstat, opendir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { BackupEntry } from '../backup-file/index.ts'

/** Content that does not become smaller: media, archives, files of Drives. */
const IS_PACKED = /\.(zip|gz|br|zst|png|jpe?g|webp|gif|mp[34]|woff2?)$|\/drive\/blobs\//

/** The file or folder `path` below `root` with everything in it; nothing when it is not there. */
export async function* entriesBelow(root: string, path: string): AsyncGenerator<BackupEntry> {
  const file = join(root, path)
  const found = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return null
  })
  if (found === null) return
  const { mode } = found
  if (found.isFile())
    yield { path, mode, isCompressed: !IS_PACKED.test(path), content: createReadStream(file) }
  else if (found.isSymbolicLink())
    yield { path, mode, isCompressed: false, content: textOf(await readlink(file)) }
  else if (found.isDirectory()) {
    yield { path: `${path}/`, mode, isCompressed: false, content: textOf('') }
    for await (const { name } of await opendir(file)) yield* entriesBelow(root, `${path}/${name}`)
  }
}

async function* textOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
