import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Glob } from 'bun'
import { type Zippable, zipSync } from 'fflate'

/** The sources of the Python package, which are part of this server's own files. */
const SOURCES = join(import.meta.dir, '../../../sdk/python')

export interface Wheel {
  readonly version: string
  readonly fileName: string
  readonly bytes: Uint8Array
}

/** Python files by their path in the wheel, sorted. */
export async function pythonSources(name: string): Promise<ReadonlyMap<string, string>> {
  const paths = [...new Glob(`${name}/**/*.py`).scanSync({ cwd: SOURCES })].toSorted()
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path, await readFile(join(SOURCES, path), 'utf8')] as const),
    ),
  )
}

/** A pure Python wheel (PEP 427) of each version; the same bytes every time. */
export async function buildWheels(name: string, versions: readonly string[]): Promise<Wheel[]> {
  const sources = await pythonSources(name)
  return versions.map((version) => buildWheel(name, version, sources))
}

/** `name` is that of the package to import, too: `name/__init__.py` is in `sources`. */
export function buildWheel(name: string, version: string, sources: ReadonlyMap<string, string>): Wheel {
  const info = `${name}-${version}.dist-info`
  const files = new Map(sources)
  files.set(`${name}/_version.py`, `__version__ = "${version}"\n`)
  files.set(`${info}/METADATA`, metadata(name, version))
  files.set(`${info}/WHEEL`, WHEEL)
  const record = [...files].map(([path, text]) => `${path},sha256=${digest(text)},${Buffer.byteLength(text)}`)
  files.set(`${info}/RECORD`, `${record.join('\n')}\n${info}/RECORD,,\n`)
  const entries = [...files].map(([path, text]) => [path, Buffer.from(text)] as const)
  return {
    version,
    fileName: `${name}-${version}-py3-none-any.whl`,
    // The time is written as local time, so that the bytes are the same in every time zone.
    bytes: zipSync(Object.fromEntries(entries) as Zippable, { mtime: new Date(1980, 0, 1), level: 6 }),
  }
}

const WHEEL = 'Wheel-Version: 1.0\nGenerator: ownspace\nRoot-Is-Purelib: true\nTag: py3-none-any\n'

const metadata = (name: string, version: string): string =>
  `Metadata-Version: 2.1
Name: ${name}
Version: ${version}
Summary: Base and Drive of an app; written for Ownspace, which supplies it to builds.
License: MIT
Requires-Python: >=3.7
Provides-Extra: async
Requires-Dist: aiohttp (>=3,<4) ; extra == 'async'
`

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')
