/** Builds Home into dist/web: hashed, minified files and one index.html. A failed build leaves the old one in place. */
import tailwind from 'bun-plugin-tailwind'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

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
  plugins: [tailwind],
})
for (const message of result.logs) console.error(message)
if (!result.success) process.exit(1)
await rm(target, { recursive: true, force: true })
await rename(staging, target)
