import { createHash, randomUUID } from 'node:crypto'
import { chmod, mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { removeTree } from '../../disk/index.ts'
import { buildTarball } from './npm-tarballs.ts'
import { buildWheels } from './python-wheels.ts'
import { VANISHED_NPM, VANISHED_PYTHON } from './table.ts'

/** The packages of ours as files that package managers install from. Builds can read the folder, never write to it. */
export interface Supplies {
  /** Absolute. */
  readonly dir: string
  /** Where programs are kept that the server fetches for builds, beside this. Absolute. */
  readonly toolsDir: string
  /** Variables for every build command: pip and uv then take the names of the table from here, whatever asks for them. */
  readonly env: Readonly<Record<string, string>>
  /** URL of the newest wheel that is not newer than `version`, and its SHA-256. */
  readonly wheels: readonly SuppliedWheel[]
  /** Absolute paths of the npm packages, by name. */
  readonly tarballs: ReadonlyMap<string, string>
}

export interface SuppliedWheel {
  readonly name: string
  readonly version: string
  readonly url: string
  readonly sha256: string
  /** Variables that make pip and uv take this version. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Writes the packages below `cacheDir` unless they are there. The folder is named after its content, so that a new
 * version of the server writes a new one; a folder that a crash left incomplete is written again.
 */
export async function openSupplies(cacheDir: string): Promise<Supplies> {
  const files = await supplyFiles()
  const hash = createHash('sha256')
  for (const [name, bytes] of files) hash.update(`${name}\0${bytes.length}\0`).update(bytes)
  const dir = join(cacheDir, 'supplies', hash.digest('hex').slice(0, 16))
  const wheels = await suppliedWheels(dir)
  for (const wheel of wheels) files.set(pinFile(wheel), Buffer.from(pinText(wheel)))
  await mkdir(join(cacheDir, 'programs'), { recursive: true })
  // A link could not be mounted into a sandbox.
  const toolsDir = await realpath(join(cacheDir, 'programs'))
  if (!(await isComplete(dir, files))) await writeFolder(dir, files)
  return {
    dir,
    toolsDir,
    env: wheels.at(-1)!.env,
    wheels,
    tarballs: new Map(VANISHED_NPM.map(({ name }) => [name, join(dir, tarballFile(name))])),
  }
}

type Files = Map<string, Uint8Array>

async function supplyFiles(): Promise<Files> {
  const files: Files = new Map()
  for (const { name, versions } of VANISHED_PYTHON)
    for (const wheel of await buildWheels(name, versions)) files.set(wheel.fileName, wheel.bytes)
  for (const { name } of VANISHED_NPM) files.set(tarballFile(name), await buildTarball(name))
  return files
}

const tarballFile = (name: string): string => `${name}.tgz`

async function suppliedWheels(dir: string): Promise<SuppliedWheel[]> {
  const wheels: SuppliedWheel[] = []
  for (const { name, versions } of VANISHED_PYTHON)
    for (const { version, fileName, bytes } of await buildWheels(name, versions)) {
      const url = pathToFileURL(join(dir, fileName)).href
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      wheels.push({ name, version, url, sha256, env: pinEnvironment(dir, { name, version }) })
    }
  return wheels
}

const pinFile = ({ name, version }: { name: string; version: string }): string => `${name}-${version}.txt`

/** A direct reference: for this name the registry is not even asked, so that no newer version of a stranger can win. */
const pinText = ({ name, url }: SuppliedWheel): string => `${name} @ ${url}\n`

/**
 * A constraint for pip and an override for uv: both also hold for what packages depend on, and for packages that others
 * need to be built. As URLs, because the tools split the variables at blanks.
 */
function pinEnvironment(dir: string, wheel: { name: string; version: string }): Record<string, string> {
  const file = pathToFileURL(join(dir, pinFile(wheel))).href
  return {
    PIP_CONSTRAINT: file,
    PIP_BUILD_CONSTRAINT: file,
    UV_OVERRIDE: file,
    UV_BUILD_CONSTRAINT: file,
  }
}

async function isComplete(dir: string, files: Files): Promise<boolean> {
  for (const [name, bytes] of files) {
    const found = await readFile(join(dir, name)).catch(() => null)
    if (found === null || !found.equals(bytes)) return false
  }
  return true
}

async function writeFolder(dir: string, files: Files): Promise<void> {
  const draft = `${dir}.${randomUUID()}`
  await mkdir(draft, { recursive: true })
  for (const [name, bytes] of files) await writeFile(join(draft, name), bytes, { mode: 0o644 })
  await chmod(draft, 0o755)
  await removeTree(dir)
  // Another build may have written the same folder in this moment.
  await rename(draft, dir).catch(async (error: NodeJS.ErrnoException) => {
    await removeTree(draft)
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
}
