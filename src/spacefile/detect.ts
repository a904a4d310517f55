import { readPackageJson } from './package-json.ts'

/** A project folder, without the files that `.spaceignore` excludes. */
export interface ProjectListing {
  /** Base name of the folder; the name of the micro if the project is a single micro. */
  readonly name: string
  /** Files below the project, with `/`. */
  readonly paths: readonly string[]
  /** The text of one of `paths`; null when it cannot be read. */
  readonly read: (path: string) => string | null
}

/** A micro as `space new` writes it; null fields are omitted. */
export interface DetectedMicro {
  readonly name: string
  readonly src: string
  readonly engine: string
  readonly primary: boolean
  readonly serve: string | null
  readonly commands: readonly string[] | null
  readonly include: readonly string[] | null
  readonly run: string | null
}

/**
 * Guesses the micros of a project (COMPAT 2.10): the folder itself or, if it is no micro, each folder directly in it.
 * Unlike the original, it distinguishes Vite apps from Node servers, and SvelteKit from Svelte. Engines have the
 * original's versions, so that the file is also valid for the original command.
 */
export function detectMicros(project: ProjectListing): DetectedMicro[] {
  const root = detectIn(project, '')
  if (root !== null) return [toMicro(root, project.name, '.', true)]
  const folders = [
    ...new Set(project.paths.filter((path) => path.includes('/')).map((path) => path.split('/')[0]!)),
  ]
  const found = folders
    .filter((folder) => !folder.startsWith('.'))
    .sort()
    .flatMap((folder) => {
      const guess = detectIn(project, `${folder}/`)
      return guess === null ? [] : [{ folder, guess }]
    })
  // The micro with pages is the best guess for `/`; the original took the first one.
  const page = found.findIndex(({ guess }) => PAGE_ENGINES.has(guess.engine))
  return found.map(({ folder, guess }, index) => toMicro(guess, folder, folder, index === Math.max(0, page)))
}

const PAGE_ENGINES = new Set(['static', 'react', 'vue', 'svelte', 'next', 'nuxt', 'svelte-kit'])

interface Guess {
  readonly engine: string
  readonly serve?: string
  readonly commands?: readonly string[]
  readonly include?: readonly string[]
  readonly run?: string
}

function toMicro(guess: Guess, folder: string, src: string, primary: boolean): DetectedMicro {
  return {
    name: microName(folder),
    src,
    engine: guess.engine,
    primary,
    serve: guess.serve ?? null,
    commands: guess.commands ?? null,
    include: guess.include ?? null,
    run: guess.run ?? null,
  }
}

function microName(folder: string): string {
  return folder.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'app'
}

const PYTHON_FILES = ['requirements.txt', 'Pipfile', 'setup.py', 'main.py']

function detectIn(project: ProjectListing, prefix: string): Guess | null {
  const paths = new Set(project.paths)
  const has = (name: string) => paths.has(prefix + name)
  if (PYTHON_FILES.some(has)) return { engine: 'python3.9' }
  if (has('package.json')) return detectNode(project.read(`${prefix}package.json`) ?? '', has)
  if (has('go.mod'))
    return { engine: 'custom', commands: ['go build -o server'], include: ['server'], run: './server' }
  return has('index.html') ? { engine: 'static', serve: '.' } : null
}

function detectNode(text: string, has: (name: string) => boolean): Guess {
  const { dependencies, scripts, main } = readPackageJson(text)
  const uses = (...names: string[]) => names.some((name) => dependencies.has(name))
  if (uses('@sveltejs/kit')) return { engine: 'svelte-kit' }
  if (uses('next')) return { engine: 'next' }
  if (uses('nuxt', 'nuxt3', 'nuxt-edge', 'nuxt3-edge')) return { engine: 'nuxt' }
  if (uses('react-scripts', 'react-dev-utils')) return { engine: 'react' }
  if (uses('@vue/cli-service')) return { engine: 'vue' }
  if (uses('@sveltejs/vite-plugin-svelte')) return { engine: 'svelte' }
  if (uses('vite') && has('index.html')) return detectVite(uses)
  if (has('index.js') || scripts.has('start')) return { engine: 'nodejs16' }
  return main !== null && has(main.replace(/^\.\//, ''))
    ? { engine: 'nodejs16', run: `node ${main}` }
    : { engine: 'nodejs16' }
}

function detectVite(uses: (...names: string[]) => boolean): Guess {
  if (uses('vue')) return { engine: 'vue' }
  // The default folder of the engine is Create React App's.
  if (uses('react', 'preact')) return { engine: 'react', serve: 'dist' }
  return { engine: 'static', commands: ['npm run build'], serve: 'dist' }
}
