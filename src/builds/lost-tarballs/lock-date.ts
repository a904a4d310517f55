import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { quote, type BuildContext } from '../build-context.ts'
import { BUILD_LIMITS } from '../limits.ts'
import { readAppFile } from '../read-app-file.ts'

/** How many packages are asked for: each is one request. */
const SAMPLES = 8
const FILE = '.ownspace-dates'
const DAY_MS = 86_400_000
const ASK_MS = 60_000

/**
 * When a lockfile was made, as far as its content shows: a day after the newest of its direct dependencies was published.
 * Dates of files do not say it, because uploads carry none. Null when the registry does not know.
 */
export async function lockDate(
  build: BuildContext,
  lock: string,
  dependencies: readonly string[],
): Promise<string | null> {
  const locked = lockedVersions(lock, dependencies).slice(0, SAMPLES)
  if (locked.length === 0) return null
  const ask = locked.map(
    ({ name }) => `npm view ${quote(name)} time --json 2>/dev/null || true; echo "${END}"`,
  )
  await rm(join(build.workDir, FILE), { recursive: true, force: true })
  await build.run({
    script: `{ ${ask.join('; ')}; } > ${FILE}`,
    cacheDir: build.caches.own,
    timeoutMs: ASK_MS,
  })
  const text = await readAppFile(build.workDir, FILE, BUILD_LIMITS.lockfileBytes)
  await rm(join(build.workDir, FILE), { recursive: true, force: true })
  return text === null ? null : newest(text, locked)
}

const END = '--end--'

interface Locked {
  readonly name: string
  readonly version: string
}

/** The versions of some packages in a lockfile of any package manager. */
export function lockedVersions(lock: string, names: readonly string[]): Locked[] {
  return names
    .filter((name) => /^(@[\w.~-]+\/)?[\w.~-]+$/.test(name))
    .flatMap((name) => {
      const escaped = name.replaceAll(/[.~/]/g, String.raw`\$&`)
      const version = FORMS.map((form) => new RegExp(form(escaped), 'm').exec(lock)?.[1]).find(Boolean)
      return version === undefined ? [] : [{ name, version }]
    })
}

const VERSION = String.raw`(\d+\.\d+\.\d+[\w.-]*)`
const FORMS: readonly ((name: string) => string)[] = [
  // npm, both forms
  (name) => String.raw`"(?:node_modules/)?${name}":\s*\{\s*"version":\s*"${VERSION}"`,
  // yarn 1 and berry
  (name) => String.raw`^"?${name}@[^\n]*:\n\s+version:? "?${VERSION}`,
  // pnpm and bun
  (name) => String.raw`[\s'"/]${name}[@/]${VERSION}`,
]

function newest(text: string, locked: readonly Locked[]): string | null {
  const times = text.split(END).flatMap((part, at) => {
    const version = locked[at]?.version
    const time = version === undefined ? null : timesOf(part)?.[version]
    const ms = typeof time === 'string' ? Date.parse(time) : Number.NaN
    return Number.isNaN(ms) ? [] : [ms]
  })
  return times.length === 0 ? null : new Date(Math.max(...times) + DAY_MS).toISOString().slice(0, 10)
}

function timesOf(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return null
  }
}
