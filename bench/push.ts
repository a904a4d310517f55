/**
 * What a push costs beside the same steps by hand, in the same run: install, build, start, first answer. Cold: nothing is
 * cached; warm: a file of the app has changed; unchanged: nothing has. `bun bench/push.ts [rounds] [case …]`.
 *
 * Needs node and npm, and a registry that they reach.
 */
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestSpace, startTestSpace } from '../tests/support/space.ts'
import { median } from './support/median.ts'
import { startByHand } from './support/start-by-hand.ts'

interface Case {
  readonly name: string
  /** Below examples/; without it, `make` writes the app. */
  readonly example?: string
  readonly make?: (dir: string) => void
  /** The file that changes, below the app. */
  readonly edits: string
  /** Folder of the micro, below the app. */
  readonly src: string
  /** The same by hand, in `src`: what comes before the start. */
  readonly build: string
  /** Null: files that are served as they are. */
  readonly start: string | null
}

const SERVER = `require('node:http').createServer((_, res) => res.end('hello')).listen(process.env.PORT)\n`
const spacefile = (fields: string) => `v: 0\nmicros:\n  - {name: app, src: ., ${fields}}\n`

const CASES: readonly Case[] = [
  {
    name: 'express',
    example: 'express',
    edits: 'src/express/index.js',
    src: 'src/express',
    build: 'npm ci',
    start: 'node index.js',
  },
  {
    name: 'static, 1,000 files',
    make: (dir) => {
      writeFileSync(join(dir, 'Spacefile'), spacefile('engine: static, serve: .'))
      writeMany(dir, 1_000, 'html', `<p>${'text '.repeat(400)}</p>`)
    },
    edits: '1.html',
    src: '.',
    build: 'true',
    start: null,
  },
  {
    name: 'node, 5,000 files',
    make: (dir) => {
      writeFileSync(join(dir, 'Spacefile'), spacefile('engine: nodejs16'))
      writeFileSync(join(dir, 'index.js'), SERVER)
      writeMany(dir, 5_000, 'js', 'module.exports = 1\n'.repeat(20))
    },
    edits: 'index.js',
    src: '.',
    build: 'true',
    start: 'node index.js',
  },
  {
    name: 'python',
    make: (dir) => {
      writeFileSync(join(dir, 'Spacefile'), spacefile('engine: python3.9'))
      writeFileSync(join(dir, 'requirements.txt'), 'flask\n')
      writeFileSync(join(dir, 'main.py'), FLASK)
    },
    edits: 'main.py',
    src: '.',
    build: 'python3 -m pip install -q --target .packages -r requirements.txt',
    start: 'env PYTHONPATH=.packages python3 -m flask --app main run --port $PORT',
  },
  {
    name: 'next',
    example: 'next',
    edits: 'pages/index.js',
    src: '.',
    build: 'test -d node_modules || npm ci; npx next build',
    start: 'node .next/standalone/server.js',
  },
]

const FLASK = `from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef root():\n    return "hello"\n`

function writeMany(dir: string, count: number, extension: string, text: string): void {
  for (let index = 0; index < count; index++) {
    const folder = index % 20 === 1 ? dir : join(dir, `part${index % 20}`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${index}.${extension}`), text)
  }
}

const [rounds = '3', ...names] = process.argv.slice(2)
const chosen = CASES.filter(({ name }) => names.length === 0 || names.some((each) => name.startsWith(each)))
const work = mkdtempSync(join(tmpdir(), 'bench-push-'))
try {
  await using my = await startTestSpace({ env: { OWNSPACE_CHECK_ANSWERS: '' } })
  process.stdout.write(`${'seconds'.padEnd(22)}   cold   by hand   warm   by hand   ratio   unchanged\n`)
  for (const each of chosen) await measure(my, each)
} finally {
  rmSync(work, { recursive: true, force: true })
}

async function measure(my: TestSpace, each: Case): Promise<void> {
  const pushed = join(my.folder, each.name.replaceAll(/\W+/g, '-'))
  const byHand = join(work, each.name.replaceAll(/\W+/g, '-'))
  for (const dir of [pushed, byHand]) makeApp(each, dir)
  const push = () => seconds(() => my.push(pushed))
  const hand = () =>
    seconds(() => startByHand({ dir: join(byHand, each.src), build: each.build, start: each.start }))
  const [cold, coldByHand] = [await push(), await hand()]
  const warm: number[] = []
  const warmByHand: number[] = []
  const unchanged: number[] = []
  for (let round = 0; round < Number(rounds); round++) {
    for (const dir of [pushed, byHand]) appendFileSync(join(dir, each.edits), '\n')
    warm.push(await push())
    warmByHand.push(await hand())
    unchanged.push(await push())
  }
  const ratio = median(warm) / median(warmByHand)
  const columns = [cold, coldByHand, median(warm), median(warmByHand), ratio, median(unchanged)]
  process.stdout.write(
    `${each.name.padEnd(22)} ${columns.map((value) => value.toFixed(2).padStart(6)).join('   ')}\n`,
  )
}

function makeApp({ example, make }: Case, dir: string): void {
  mkdirSync(dir, { recursive: true })
  if (example !== undefined) cpSync(join(import.meta.dir, '../examples', example), dir, { recursive: true })
  make?.(dir)
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1_000
}
