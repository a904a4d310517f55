/** Packs the SDKs as they are published: `bun scripts/pack-sdks.ts [folder]`, by default `dist/sdk`. Publishes nothing. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWheel, pythonSources } from '../src/builds/vanished/python-wheels.ts'

const ROOT = join(import.meta.dir, '..')
const JS = join(ROOT, 'sdk/js')

export interface PackedSdks {
  /** Paths of what a registry takes. */
  readonly tarball: string
  readonly wheel: string
}

export async function packSdks(folder: string): Promise<PackedSdks> {
  await mkdir(folder, { recursive: true })
  return { tarball: await packJs(folder), wheel: await packPython(folder) }
}

/** The package for npm, built in a folder of its own. */
async function packJs(folder: string): Promise<string> {
  const stage = await mkdtemp(join(tmpdir(), 'ownspace-sdk-'))
  try {
    for (const file of ['package.json', 'README.md', 'index.d.ts'])
      await cp(join(JS, file), join(stage, file))
    await cp(join(ROOT, 'LICENSE'), join(stage, 'LICENSE'))
    for (const [format, name] of [
      ['esm', 'index.js'],
      ['cjs', 'index.cjs'],
    ] as const)
      await writeFile(join(stage, await ensureDist(stage), name), await bundle(format))
    return await npmPack(stage, folder)
  } finally {
    await rm(stage, { recursive: true })
  }
}

async function ensureDist(stage: string): Promise<string> {
  await mkdir(join(stage, 'dist'), { recursive: true })
  return 'dist'
}

/** One file; the same for all environments. */
export async function bundle(format: 'esm' | 'cjs'): Promise<string> {
  const built = await Bun.build({
    entrypoints: [join(JS, 'src/index.ts')],
    target: 'browser',
    format,
    minify: { syntax: true, whitespace: false, identifiers: false },
  })
  return await built.outputs[0]!.text()
}

async function npmPack(stage: string, folder: string): Promise<string> {
  const npm = Bun.spawn(['npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: stage,
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const [{ filename }] = (await new Response(npm.stdout).json()) as [{ filename: string }]
  return join(folder, filename)
}

/** The wheel for the Python index: the sources of `deta` under our own name. */
async function packPython(folder: string): Promise<string> {
  const project = await readFile(join(ROOT, 'sdk/python/pyproject.toml'), 'utf8')
  const version = /^version = "(.+)"$/m.exec(project)![1]!
  const sources = [...(await pythonSources('deta'))].map(
    ([path, text]) => [path.replace(/^deta\//, 'ownspace_data/'), text] as const,
  )
  const { fileName, bytes } = buildWheel('ownspace_data', version, new Map(sources))
  await writeFile(join(folder, fileName), bytes)
  return join(folder, fileName)
}

if (import.meta.main) {
  const packed = await packSdks(process.argv[2] ?? join(ROOT, 'dist/sdk'))
  for (const path of Object.values(packed)) console.log(`${Bun.file(path).size} bytes  ${path}`)
}
