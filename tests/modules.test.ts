/** Keeps the modules as ARCHITECTURE.md describes them: public APIs, import arrows, where ambient things may be touched, sizes. */
import { Glob } from 'bun'
import { describe, expect, test } from 'bun:test'
import { dirname, join, normalize } from 'node:path'

const ROOT = join(import.meta.dir, '..')

/** What each module may import besides itself and the foundations. Top to bottom; a module that is not listed does not exist. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  processes: [
    'api',
    'pushes',
    'domains',
    'keys',
    'exposure',
    'instances',
    'projects',
    'sessions',
    'people',
    'directory-sync',
    'gateway',
    'data',
    'base',
    'drive',
    'collections',
    'transfers',
    'backups',
    'directory',
    'builds',
    'runner',
    'storage',
  ],
  launcher: [],
  cli: ['spacefile', 'runner', 'contract', 'backup-file', 'zip'],
  web: ['contract'],
  api: [
    'contract',
    'transfers',
    'backups',
    'zip',
    'pushes',
    'domains',
    'keys',
    'exposure',
    'instances',
    'projects',
    'sessions',
    'people',
    'collections',
    'directory-sync',
    'runner',
    'directory',
    'storage',
    'access',
  ],
  pushes: [
    'exposure',
    'instances',
    'projects',
    'people',
    'collections',
    'directory-sync',
    'builds',
    'runner',
    'directory',
    'storage',
    'spacefile',
  ],
  domains: ['instances', 'projects', 'sessions', 'people', 'directory-sync', 'storage'],
  keys: ['instances', 'projects', 'directory-sync', 'directory', 'storage', 'access'],
  exposure: [
    'instances',
    'projects',
    'sessions',
    'people',
    'collections',
    'directory-sync',
    'directory',
    'storage',
    'access',
    'spacefile',
  ],
  collections: ['people', 'directory-sync', 'directory', 'storage'],
  backups: ['collections', 'data', 'backup-file', 'storage'],
  transfers: ['collections', 'data', 'zip'],
  data: ['base', 'drive', 'data-protocol', 'directory', 'wire'],
  base: ['data-protocol', 'storage'],
  drive: ['data-protocol', 'storage'],
  'data-protocol': [],
  instances: [
    'collections',
    'projects',
    'sessions',
    'people',
    'directory-sync',
    'builds',
    'runner',
    'directory',
    'storage',
    'access',
  ],
  projects: ['builds', 'storage', 'access', 'spacefile'],
  sessions: ['people', 'directory-sync', 'storage'],
  people: ['storage'],
  'directory-sync': ['directory', 'storage'],
  builds: ['runner', 'spacefile'],
  runner: ['directory'],
  gateway: ['wire', 'access', 'directory'],
  directory: ['access'],
  tls: [],
  storage: [],
  access: [],
  wire: [],
  'backup-file': ['zip'],
  zip: [],
  spacefile: [],
  contract: [],
  config: [],
  kernel: [],
  disk: [],
}
/** Any module may import these, but the pure ones. */
const FOUNDATIONS = ['config', 'disk', 'tls', 'kernel']
/** Modules that import no foundation either: they can be lifted out and read alone. */
const PURE = ['access', 'wire', 'spacefile', 'contract', 'web']
/** Modules whose files are each a public API of its own: small helpers, and the processes that are started one at a time. */
const WITHOUT_INDEX = ['kernel', 'processes']
/** Files outside any module: they may import all. */
const ENTRIES = ['main.ts']

interface Source {
  /** Below src, with forward slashes. */
  readonly path: string
  readonly module: string
  readonly text: string
  readonly lines: number
  readonly isTest: boolean
}

const sources: Source[] = await Promise.all(
  [...new Glob('**/*.{ts,tsx}').scanSync(join(ROOT, 'src'))].sort().map(async (path) => {
    const text = await Bun.file(join(ROOT, 'src', path)).text()
    return {
      path,
      module: path.split('/')[0]!,
      text,
      lines: text.split('\n').length - 1,
      isTest: /\.test\.tsx?$/.test(path),
    }
  }),
)
const product = sources.filter((source) => !source.isTest && !source.path.includes('/testing/'))
const isInModule = (source: Source) => source.path.includes('/')

describe('modules', () => {
  test('every module is listed, and every listed module is there', () => {
    expect([...new Set(product.filter(isInModule).map(({ module }) => module))].sort()).toEqual(
      Object.keys(MAY_IMPORT).sort(),
    )
  })

  test.each(Object.keys(MAY_IMPORT).filter((module) => !WITHOUT_INDEX.includes(module)))(
    '%s opens with a paragraph',
    (module) => {
      const api = product.find(
        ({ path }) => path === `${module}/${module === 'web' ? 'main.tsx' : 'index.ts'}`,
      )
      expect(api?.text).toMatch(/^\/\*\*\n( \*( .+)?\n)+ \*\//)
    },
  )

  test('imports point down only, and at the public API of a module', () => {
    expect(product.flatMap(forbiddenImports)).toEqual([])
  })

  test('programs that talk HTTP take types of the contract only: its schemas are of the server', () => {
    const value = /^import (?!type )[^']*'[^']*\/contract\/index\.ts'/m
    expect(product.filter(({ module, text }) => ['cli', 'web'].includes(module) && value.test(text))).toEqual(
      [],
    )
  })

  test('nothing imports past the public API of the packed indexes', () => {
    const intruders = sources.filter(
      ({ path, text }) =>
        !path.startsWith('directory/index/packed/') && /from '[^']*\/packed\/(?!index\.ts')[^']*'/.test(text),
    )
    expect(intruders.map(({ path }) => path)).toEqual([])
  })

  test('ARCHITECTURE.md names every module', async () => {
    const page = await Bun.file(join(ROOT, 'ARCHITECTURE.md')).text()
    expect(Object.keys(MAY_IMPORT).filter((module) => !page.includes(`\`${module}/\``))).toEqual([])
  })
})

describe('processes', () => {
  test('the gateway loads no module that has a database, builds or runs anything', () => {
    const reached = [...reachedFrom('processes/gateway.ts')].map((path) => path.split('/')[0]!)
    expect([...new Set(reached)].sort()).toEqual([
      'access',
      'config',
      'directory',
      'gateway',
      'kernel',
      'processes',
      'tls',
      'wire',
    ])
  })
})

describe('the data process', () => {
  test('loads no module that knows people or apps, or runs anything', () => {
    const reached = [...reachedFrom('processes/data.ts')].map((path) => path.split('/')[0]!)
    expect([...new Set(reached)].sort()).toEqual([
      'access',
      'base',
      'config',
      'data',
      'data-protocol',
      'directory',
      'disk',
      'drive',
      'kernel',
      'processes',
      'storage',
      'tls',
    ])
  })
})

describe('publication', () => {
  test('only directory-sync/ publishes: no other file can change what gateways decide from', () => {
    const publishers = product.filter(
      ({ path, text }) =>
        !/^directory(-sync)?\//.test(path) &&
        /[pP]ublisher\??\.publish\(|\bdirectory\??\.publish\(/.test(text),
    )
    expect(publishers.map(({ path }) => path)).toEqual([])
  })

  test('only directory-sync/ makes a commit', () => {
    const makers = product.filter(
      ({ path, text }) => !path.startsWith('directory-sync/') && /new Commit\b/.test(text),
    )
    expect(makers.map(({ path }) => path)).toEqual([])
    const api = sources.find(({ path }) => path === 'directory-sync/index.ts')
    expect(api?.text).toContain('export type { Commit }')
  })
})

describe('databases', () => {
  /** Base keeps its documents in databases of its own, one of these folders for each kind. */
  const outside = product.filter(({ path }) => !/^(storage|base\/(sqlite|postgres))\//.test(path))
  const offenders = (pattern: RegExp) =>
    outside.filter(({ text }) => pattern.test(withoutComments(text))).map(({ path }) => path)

  test('only storage/, base/sqlite/ and base/postgres/ know which database there is; the lock of the data folder is a SQLite file', () => {
    expect(offenders(/'(bun:sqlite|kysely\/helpers|kysely-postgres-js)|\bSQL\b.*from 'bun'/)).toEqual([
      'launcher/data-folder.ts',
    ])
  })

  test('no SQL outside of them is of one database only', () => {
    const calls =
      /\.(orIgnore|orReplace|orAbort|orRollback|distinctOn|forUpdate|skipLocked|ilike)\(|\breplaceInto\(|\blimit\(-/
    const words =
      /\b(json_group_\w+|json_object|json_each|json_extract|jsonb?_\w+|jsonb|rowid|autoincrement|strict|glob|pragma\w*|sqlite_\w+|pg_\w+|ctid|xmin|serial|bigserial|ilike|string_agg|group_concat|array_agg|insert or \w+|conflict replace)\b|::\w|\bmax\([^()]*,/
    expect(offenders(calls)).toEqual([])
    expect(
      outside
        .filter(({ text }) =>
          [...withoutComments(text).matchAll(SQL_TEXTS)].some(([, sql]) => words.test(sql!)),
        )
        .map(({ path }) => path),
    ).toEqual([])
    expect(offenders(/\bsql\.raw\(/)).toEqual([])
  })
})

/** What is handed to Kysely as text. */
const SQL_TEXTS = /\bsql(?:<[^>]*>)?`([^`]*)`/g

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
    expect(offenders(/\b(Bun\.sleep|sleepSync)\(/, (path) => path.startsWith('runner/'))).toEqual([])
  })
})

describe('tests', () => {
  const testFiles = sources.filter(({ isTest }) => isTest)

  test('a test waits by `until`, which has a bound and a message', () => {
    const polls = testFiles.filter(({ text }) =>
      /while \(.*(Bun\.sleep|setTimeout|setImmediate)\(/.test(text),
    )
    expect(polls.map(({ path }) => path)).toEqual([])
  })

  test('no test moves the clock of the process', () => {
    expect(testFiles.filter(({ text }) => text.includes('setSystemTime')).map(({ path }) => path)).toEqual([])
  })

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
  if (!isInModule(source))
    return ENTRIES.includes(source.path)
      ? []
      : importsOf(source).map((target) => `${source.path} → ${target}`)
  const allowed = [...MAY_IMPORT[source.module]!, ...(PURE.includes(source.module) ? [] : FOUNDATIONS)]
  return importsOf(source)
    .filter((target) => target.split('/')[0] !== source.module)
    .filter(
      (target) =>
        !(
          allowed.includes(target.split('/')[0]!) &&
          (target.startsWith('kernel/') || target.endsWith('/index.ts'))
        ),
    )
    .filter((target) => !(source.module === 'cli' && target === 'main.ts'))
    .map((target) => `${source.path} → ${target}`)
}

/** Paths below src of all files that a process which starts with this one loads, or takes types of. */
function reachedFrom(start: string): Set<string> {
  const reached = new Set<string>()
  const pending = [start]
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    const source = sources.find((one) => one.path === path)
    if (source) pending.push(...importsOf(source))
  }
  return reached
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
