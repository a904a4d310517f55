import { createHash } from 'node:crypto'
import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '../../kernel/durable.ts'
import { type ToolKind, packageOf, thisPlatform } from './catalog.ts'
import { type RegistryOptions, ToolFailure, askRegistry } from './registry.ts'
import { TITLES, isExactVersion, parseToolName } from './tool-name.ts'

export interface NewestVersions {
  /**
   * All versions in a range, newest first. An answer of the registry is used for a week, and longer when the registry
   * does not answer. Throws ToolFailure.
   */
  newest(kind: ToolKind, range: string, options: Omit<RegistryOptions, 'dir'>): Promise<string[]>
}

interface Options {
  readonly dir: string
  readonly now: () => number
  /** Of the tools that are there. */
  readonly names: () => Promise<string[]>
}

/** Fixes of security in Node reach an app within this time, with its next push. */
const FRESH_MS = 7 * 24 * 60 * 60_000

export function createNewestVersions({ dir, now, names }: Options): NewestVersions {
  const folder = join(dir, 'newest')
  return {
    async newest(kind, range, options) {
      requireRange(range)
      const file = join(folder, createHash('sha256').update(`${kind} ${range}`).digest('hex'))
      const known = await readKnown(file)
      if (known && now() - known.atMs < FRESH_MS) return known.versions
      try {
        const versions = await askVersions(kind, range, { ...options, dir })
        await mkdir(folder, { recursive: true })
        await writeDurably(file, versions.join('\n'), 0o600)
        return versions
      } catch (error) {
        options.signal?.throwIfAborted()
        const here = known?.versions ?? (await versionsHere(kind, range, await names()))
        if (here.length === 0) throw error
        return here
      }
    },
  }
}

async function askVersions(kind: ToolKind, range: string, options: RegistryOptions): Promise<string[]> {
  const found = packageOf(kind, '99.0.0', thisPlatform())
  if (found === null) throw new ToolFailure(`there is no ${TITLES[kind]} for this platform`)
  const script = `npm view '${found.package}@${range}' version --json >versions.json; tr ',' '\\n' <versions.json`
  const versions = await askRegistry(script, options, async (lines) =>
    lines.flatMap((line) => /"([^"]+)"/.exec(line)?.[1] ?? []).filter(isExactVersion),
  )
  if (versions.length === 0) throw new ToolFailure(`the registry has no ${TITLES[kind]} ${range}`)
  return versions.toSorted((a, b) => Bun.semver.order(b, a))
}

/** The range is part of a command and comes from files of apps. */
export const isRange = (text: string): boolean =>
  text.length <= 100 && /^[\d.xX*^~<>=| -]+$/.test(text) && /\d/.test(text)

function requireRange(range: string): void {
  if (!isRange(range)) throw new ToolFailure(`${JSON.stringify(range)} is not a range of versions`)
}

async function readKnown(file: string): Promise<{ versions: string[]; atMs: number } | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return null
  return { versions: text.split('\n').filter(isExactVersion), atMs: (await stat(file)).mtimeMs }
}

async function versionsHere(kind: ToolKind, range: string, names: readonly string[]): Promise<string[]> {
  return names
    .map(parseToolName)
    .flatMap((tool) =>
      tool?.kind === kind && Bun.semver.satisfies(tool.version, range) ? [tool.version] : [],
    )
    .toSorted((a, b) => Bun.semver.order(b, a))
}
