import { linkSync, lstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { BUILD_LIMITS } from './limits.ts'

/** Formats that are not compressed already. */
const COMPRESSIBLE = new Set(
  (
    '.html .htm .xhtml .css .js .mjs .cjs .json .map .svg .xml .rss .atom .txt .md .csv .yaml .yml ' +
    '.webmanifest .wasm .ico .ttf .otf .eot'
  ).split(' '),
)

/** Brotli quality 9 compresses nearly as well as 11 in a tenth of the time. */
const ENCODINGS = [
  {
    suffix: '.br',
    compress: (data: Buffer) =>
      promisify(brotliCompress)(data, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: 9,
          [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
        },
      }),
  },
  { suffix: '.gz', compress: (data: Buffer) => promisify(gzip)(data, { level: 9 }) },
] as const

/** Files that are compressed at the same time; each takes two threads. */
const AT_ONCE = 2

/**
 * Writes `<root>.br/<path>` and `<root>.gz/<path>` for the files below `root` that become smaller by a tenth or more.
 * `root` contains regular files only (see copyStaticArtifact). `earlier`: the same folder of earlier revisions, which no
 * one writes to; a copy that one of them has of the same content is shared.
 */
export async function compressFiles(root: string, earlier: readonly string[] = []): Promise<void> {
  const paths = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && COMPRESSIBLE.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .slice(0, BUILD_LIMITS.compressFiles)
  const waiting = paths.values()
  const work = async () => {
    for (const path of waiting) await compressFile(root, path, earlier)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

async function compressFile(root: string, path: string, earlier: readonly string[]): Promise<void> {
  const size = Bun.file(join(root, path)).size
  if (size < BUILD_LIMITS.compressFromBytes || size > BUILD_LIMITS.compressToBytes) return
  const data = readFileSync(join(root, path))
  const same = earlier.find((dir) => hasCopyOf(dir, path, data))
  await Promise.all(
    ENCODINGS.map(async ({ suffix, compress }) => {
      const target = join(`${root}${suffix}`, path)
      if (same !== undefined && share(join(`${same}${suffix}`, path), target)) return
      const compressed = await compress(data)
      if (compressed.length > data.length * 0.9) return
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(target, compressed)
    }),
  )
}

/** A folder with compressed copies beside it has regular files only: it is that of a static micro. */
function hasCopyOf(dir: string, path: string, data: Buffer): boolean {
  const isStatic = ENCODINGS.some(({ suffix }) => isFile(join(`${dir}${suffix}`, path)))
  if (!isStatic || statSync(join(dir, path), { throwIfNoEntry: false })?.size !== data.length) return false
  try {
    return readFileSync(join(dir, path)).equals(data)
  } catch {
    // The earlier revision is being removed.
    return false
  }
}

/** False, with nothing left, where the file cannot be shared. */
function share(from: string, to: string): boolean {
  try {
    if (!isFile(from)) return false
    mkdirSync(dirname(to), { recursive: true })
    linkSync(from, to)
    return true
  } catch {
    return false
  }
}

const isFile = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false
