import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Glob } from 'bun'

/** The sources of the npm packages, which are part of this server's own files. */
const SOURCES = join(import.meta.dir, '../../../sdk/npm')

/** The files of a package of ours by path, sorted. */
export async function npmSources(name: string): Promise<ReadonlyMap<string, string>> {
  const dir = join(SOURCES, name)
  const paths = [...new Glob('**/*').scanSync({ cwd: dir })].toSorted()
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(dir, path), 'utf8')] as const)),
  )
}

/** The tarball of a package of ours as `npm pack` lays it out; the same bytes every time. */
export async function buildTarball(name: string): Promise<Uint8Array> {
  const files = await npmSources(name)
  const entries = [...files].flatMap(([path, text]) => tarEntry(`package/${path}`, Buffer.from(text)))
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(2 * BLOCK_BYTES)]))
}

const BLOCK_BYTES = 512

/** A regular file of a tar archive (POSIX ustar). npm wants a date that zip can express, too. */
function tarEntry(path: string, content: Buffer): Buffer[] {
  const header = Buffer.alloc(BLOCK_BYTES)
  header.write(path, 0, 100, 'utf8')
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write(`${SINCE_1985.toString(8).padStart(11, '0')}\0`, 136)
  header.fill(' ', 148, 156)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return [header, content, Buffer.alloc((BLOCK_BYTES - (content.length % BLOCK_BYTES)) % BLOCK_BYTES)]
}

/** 26 October 1985, which npm itself writes. */
const SINCE_1985 = 499_162_500
