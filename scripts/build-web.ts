/** Builds Home into dist/web: hashed, minified files and one index.html. If the build fails, the old files stay. */
import tailwind from 'bun-plugin-tailwind'
import { copyFile, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = join(import.meta.dir, '..')
const target = join(root, 'dist/web')
const staging = `${target}.building`

await rm(staging, { recursive: true, force: true })
const result = await Bun.build({
  entrypoints: [join(root, 'src/web/index.html')],
  outdir: staging,
  target: 'browser',
  minify: true,
  splitting: true,
  publicPath: '/',
  naming: { chunk: 'assets/[name]-[hash].[ext]', asset: 'assets/[name]-[hash].[ext]' },
  define: { 'process.env.NODE_ENV': '"production"' },
  external: ['/assets/*'],
  plugins: [tailwind],
})
for (const message of result.logs) console.error(message)
if (!result.success) process.exit(1)
for (const subset of ['latin', 'latin-ext']) {
  const font = `inter-${subset}-wght-normal.woff2`
  await copyFile(
    join(root, 'node_modules/@fontsource-variable/inter/files', font),
    join(staging, 'assets', font),
  )
}
await preloadFont(join(staging, 'index.html'))
await compressAssets(join(staging, 'assets'))
await rm(target, { recursive: true, force: true })
await rename(staging, target)

/** Preloads the font from the page rather than after the style sheet, so that the text does not shift. */
async function preloadFont(page: string) {
  const link =
    '<link rel="preload" as="font" type="font/woff2" href="/assets/inter-latin-wght-normal.woff2" crossorigin />'
  await Bun.write(page, (await Bun.file(page).text()).replace('<link rel="stylesheet"', `${link}$&`))
}

/** Writes `.br` and `.gz` beside each text file; fonts are compressed already. */
async function compressAssets(folder: string) {
  for (const name of await readdir(folder)) {
    if (!/\.(js|css|svg)$/.test(name)) continue
    const path = join(folder, name)
    const content = await readFile(path)
    await writeFile(
      `${path}.br`,
      brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
    )
    await writeFile(`${path}.gz`, gzipSync(content, { level: 9 }))
  }
}
