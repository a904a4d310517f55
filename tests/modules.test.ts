/** Keeps the house as ARCHITECTURE.md describes it: doors, import arrows, where ambient things may be touched, sizes. */
import { Glob } from 'bun'
import { describe, expect, test } from 'bun:test'
import { dirname, join, normalize } from 'node:path'

const ROOT = join(import.meta.dir, '..')

/** What each room may import besides itself and the foundations; a room that is not listed does not exist. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  supervisor: [],
  cli: ['spacefile', 'runtime'],
  web: [],
  gateway: ['wire', 'access', 'directory'],
  platform: ['deploy', 'accounts', 'apps', 'builds', 'runtime', 'directory', 'access', 'spacefile', 'db'],
  deploy: ['apps', 'builds', 'runtime', 'directory', 'access', 'spacefile', 'accounts', 'db'],
  accounts: ['db'],
  apps: ['spacefile', 'builds', 'access', 'db'],
  builds: ['runtime', 'spacefile'],
  runtime: ['directory'],
  directory: ['access'],
  access: [],
  wire: [],
  tls: [],
  spacefile: [],
  db: [],
  config: [],
}
const FOUNDATIONS = ['config', 'tls', 'log.ts', 'ids.ts', 'http-error.ts', 'manifest-link.ts']
/** Rooms that import no foundation either: they can be lifted out and read alone. */
const PURE = ['access', 'wire', 'spacefile', 'web']
/** Files outside any room: they wire the rooms and may import all. */
const ENTRIES = ['main.ts', 'server.ts']

interface Source {
  /** Below src, with forward slashes. */
  readonly path: string
  readonly room: string
  readonly text: string
  readonly lines: number
  readonly isTest: boolean
}

const sources: Source[] = await Promise.all(
  [...new Glob('**/*.{ts,tsx}').scanSync(join(ROOT, 'src'))].sort().map(async (path) => {
    const text = await Bun.file(join(ROOT, 'src', path)).text()
    return {
      path,
      room: path.split('/')[0]!,
      text,
      lines: text.split('\n').length - 1,
      isTest: /\.test\.tsx?$/.test(path),
    }
  }),
)
const product = sources.filter((source) => !source.isTest && !source.path.includes('/testing/'))
const isInRoom = (source: Source) => source.path.includes('/')

describe('rooms', () => {
  test('every room is listed, and every listed room is there', () => {
    expect([...new Set(product.filter(isInRoom).map(({ room }) => room))].sort()).toEqual(
      Object.keys(MAY_IMPORT).sort(),
    )
  })

  test.each(Object.keys(MAY_IMPORT))('%s opens with a paragraph at its door', (room) => {
    const door = product.find(({ path }) => path === `${room}/${room === 'web' ? 'main.tsx' : 'index.ts'}`)
    expect(door?.text).toMatch(/^\/\*\*\n( \*( .+)?\n)+ \*\//)
  })

  test('imports go down only, and through the door', () => {
    expect(product.flatMap(forbiddenImports)).toEqual([])
  })

  test('ARCHITECTURE.md names every room', async () => {
    const page = await Bun.file(join(ROOT, 'ARCHITECTURE.md')).text()
    expect(Object.keys(MAY_IMPORT).filter((room) => !page.includes(`\`${room}/\``))).toEqual([])
  })
})

describe('ambient things', () => {
  const offenders = (pattern: RegExp, isAllowed: (path: string) => boolean) =>
    product
      .filter(({ path, text }) => !isAllowed(path) && pattern.test(withoutComments(text)))
      .map(({ path }) => path)

  test('the environment is read in config/ alone', () => {
    expect(offenders(/\b(process|Bun)\.env\b/, (path) => path.startsWith('config/'))).toEqual([])
  })

  test('only the command and the start screen print', () => {
    expect(offenders(/\bconsole\.\w+\(/, (path) => path.startsWith('cli/') || path === 'main.ts')).toEqual([])
  })

  test('modules keep no mutable state', () => {
    expect(offenders(/^(export )?let /m, () => false)).toEqual([])
  })

  test('nothing waits by sleeping, but where the kernel offers only /proc to look at', () => {
    expect(offenders(/\b(Bun\.sleep|sleepSync)\(/, (path) => path.startsWith('runtime/'))).toEqual([])
  })
})

describe('tests', () => {
  test('what is expected of a promise is awaited', () => {
    const forgotten = /^ +expect\(.*\)\.(rejects|resolves)\b/m
    expect(
      sources.filter(({ isTest, text }) => isTest && forgotten.test(text)).map(({ path }) => path),
    ).toEqual([])
  })
})

describe('shape', () => {
  test('files are named in kebab-case and export by name', () => {
    expect(
      product
        .filter(({ path }) => !/^([a-z0-9-]+\/)*[a-z0-9-]+(\.test|\.d)?\.tsx?$/.test(path))
        .map(({ path }) => path),
    ).toEqual([])
    expect(product.filter(({ text }) => /^export default /m.test(text)).map(({ path }) => path)).toEqual([])
  })

  test('files stay small', () => {
    const sizes = product.map(({ lines }) => lines).sort((a, b) => a - b)
    expect(product.filter(({ lines }) => lines > 400).map(({ path, lines }) => `${path}: ${lines}`)).toEqual(
      [],
    )
    expect(sizes[Math.floor(sizes.length * 0.9)]).toBeLessThanOrEqual(200)
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(100)
  })
})

function forbiddenImports(source: Source): string[] {
  if (!isInRoom(source))
    return ENTRIES.includes(source.path)
      ? []
      : importsOf(source).map((target) => `${source.path} → ${target}`)
  const allowed = [...MAY_IMPORT[source.room]!, ...(PURE.includes(source.room) ? [] : FOUNDATIONS)]
  return importsOf(source)
    .filter((target) => target.split('/')[0] !== source.room)
    .filter(
      (target) =>
        !(allowed.includes(target.split('/')[0]!) && (!target.includes('/') || target.endsWith('/index.ts'))),
    )
    .filter((target) => !(source.room === 'cli' && target === 'main.ts'))
    .map((target) => `${source.path} → ${target}`)
}

/** Paths below src that a file imports, statically, dynamically or for types. */
function importsOf({ path, text }: Source): string[] {
  const specifiers = [...withoutComments(text).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)].map(
    (match) => match[1]!,
  )
  return specifiers
    .map((specifier) => normalize(join(dirname(path), specifier)))
    .filter((target) => !target.startsWith('..'))
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}
