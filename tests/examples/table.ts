/** The apps of examples/ that show one engine or package manager each. A row is an app; `tests/examples.test.ts` pushes it. */
export interface Example {
  /** Below examples/. */
  readonly folder: string
  /** Programs that this machine must have, because the server cannot fetch them. */
  readonly needs?: readonly string[]
  /** What the build log says, so that the app is known to be built by the intended tool. */
  readonly says: RegExp
  /** Body of a GET of `/`, which is public in each of these apps. */
  readonly answers: RegExp
  /** Takes long, or differs from another one only in a tool whose lockfiles have tests of their own: see `OWNSPACE_LONG`. */
  readonly isLong?: true
}

const DAY = 'a day has 86400000 ms'

/** An app of Node with one dependency. */
const node = (folder: string, says: RegExp, version = '\\d+'): Example => ({
  folder,
  says,
  answers: new RegExp(`^node ${version}\\.[\\d.]+, ${DAY}$`),
})

export const EXAMPLES: readonly Example[] = [
  node('npm', /Installing dependencies with npm/),
  { ...node('pnpm-5', /Using pnpm 7\./), isLong: true },
  { ...node('pnpm-6', /Using pnpm 8\./), isLong: true },
  node('pnpm-9', /Using pnpm 9\./),
  node('yarn-1', /Using Yarn 1\./),
  { ...node('yarn-4', /Using Yarn 4\./), isLong: true },
  node('bun-lock', /Installing dependencies with bun/),
  node('node-18', /Using Node 18\./, '18'),
  { folder: 'typescript', says: /npm run build/, answers: new RegExp(`^typescript, ${DAY}$`) },
  {
    folder: 'monorepo-npm',
    says: /Its packages are those of the project/,
    answers: new RegExp(`^monorepo, ${DAY}$`),
  },
  {
    folder: 'monorepo-pnpm',
    says: /Using pnpm 9\./,
    answers: new RegExp(`^monorepo, ${DAY}$`),
    isLong: true,
  },
  { folder: 'react', says: /Packing dist/, answers: /<title>A page built by Vite<\/title>/ },
  { folder: 'next', says: /Packing/, answers: /A page built by Next\.js/, isLong: true },
  { folder: 'vue', says: /Packing dist/, answers: /<title>A page built by Vue<\/title>/, isLong: true },
  { folder: 'svelte', says: /Packing dist/, answers: /<title>A page built by Svelte<\/title>/, isLong: true },
  {
    folder: 'svelte-kit',
    says: /Using @sveltejs\/adapter-node/,
    answers: /by SvelteKit on Node \d/,
    isLong: true,
  },
  { folder: 'nuxt', says: /Nitro/, answers: /A page rendered by Nuxt/, isLong: true },
  { folder: 'bun', says: /Installing dependencies with bun/, answers: new RegExp(DAY) },
  { folder: 'deno', says: /Using Deno 2\./, answers: new RegExp(`^deno 2\\.[\\d.]+, ${DAY}$`) },
  {
    folder: 'go',
    needs: ['go'],
    says: /go build/,
    answers: /^go1\.[\d.]+: Don't communicate by sharing memory/,
    isLong: true,
  },
  {
    folder: 'rust',
    needs: ['cargo'],
    says: /Finished .*release/,
    answers: new RegExp(`^rust, ${DAY}$`),
    isLong: true,
  },
  { folder: 'python-fastapi', needs: ['python3'], says: /Adding uvicorn/, answers: /fastapi/ },
  {
    folder: 'python-flask',
    needs: ['python3'],
    says: /dependencies of Pipfile/,
    answers: /flask/,
    isLong: true,
  },
  {
    folder: 'python-poetry',
    needs: ['python3'],
    says: /dependencies of pyproject/,
    answers: /poetry/,
    isLong: true,
  },
  { folder: 'python-uv', needs: ['python3'], says: /dependencies of uv\.lock/, answers: /uv/ },
]
