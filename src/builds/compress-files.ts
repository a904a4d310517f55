import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
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

/**
 * Writes `<root>.br/<path>` and `<root>.gz/<path>` for the files below `root` that become smaller by a tenth or more.
 * `root` contains regular files only (see copyStaticArtifact).
 */
export async function compressFiles(root: string): Promise<void> {
  const paths = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && COMPRESSIBLE.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .slice(0, BUILD_LIMITS.compressFiles)
  for (const path of paths) await compressFile(root, path)
}

async function compressFile(root: string, path: string): Promise<void> {
  const size = Bun.file(join(root, path)).size
  if (size < BUILD_LIMITS.compressFromBytes || size > BUILD_LIMITS.compressToBytes) return
  const data = await readFile(join(root, path))
  await Promise.all(
    ENCODINGS.map(async ({ suffix, compress }) => {
      const compressed = await compress(data)
      if (compressed.length > data.length * 0.9) return
      const target = join(`${root}${suffix}`, path)
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, compressed)
    }),
  )
}
