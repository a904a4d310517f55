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
  node('pnpm-5', /Using pnpm 7\./),
  node('pnpm-6', /Using pnpm 8\./),
  node('pnpm-9', /Using pnpm 9\./),
  node('yarn-1', /Using Yarn 1\./),
  node('yarn-4', /Using Yarn 4\./),
  node('bun-lock', /Installing dependencies with bun/),
  node('node-18', /Using Node 18\./, '18'),
  { folder: 'typescript', says: /npm run build/, answers: new RegExp(`^typescript, ${DAY}$`) },
  {
    folder: 'monorepo-npm',
    says: /Its packages are those of the project/,
    answers: new RegExp(`^monorepo, ${DAY}$`),
  },
  { folder: 'monorepo-pnpm', says: /Using pnpm 9\./, answers: new RegExp(`^monorepo, ${DAY}$`) },
  { folder: 'react', says: /Packing dist/, answers: /<title>A page built by Vite<\/title>/ },
  { folder: 'next', says: /Packing/, answers: /A page built by Next\.js/ },
  { folder: 'bun', says: /Installing dependencies with bun/, answers: new RegExp(DAY) },
  { folder: 'deno', says: /Using Deno 2\./, answers: new RegExp(`^deno 2\\.[\\d.]+, ${DAY}$`) },
  {
    folder: 'go',
    needs: ['go'],
    says: /go build/,
    answers: /^go1\.[\d.]+: Don't communicate by sharing memory/,
  },
  { folder: 'rust', needs: ['cargo'], says: /Finished .*release/, answers: new RegExp(`^rust, ${DAY}$`) },
  { folder: 'python-fastapi', needs: ['python3'], says: /Adding uvicorn/, answers: /fastapi/ },
  { folder: 'python-flask', needs: ['python3'], says: /dependencies of Pipfile/, answers: /flask/ },
  { folder: 'python-poetry', needs: ['python3'], says: /dependencies of pyproject/, answers: /poetry/ },
  { folder: 'python-uv', needs: ['python3'], says: /dependencies of uv\.lock/, answers: /uv/ },
]
