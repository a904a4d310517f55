/**
 * The whole check, as CI runs it: format, lint, types, tests. Runs every step even when one fails, so that one run
 * shows all there is to mend, and ends with `N passed, N failed` (a step that is not the tests counts as one).
 *
 * `--quick` runs only the tests of modules that start no program; other arguments are handed to `bun test`, and then only
 * the tests run: `npm test -- src/access`. With CI set, the comparisons with other servers in bench/ run as well, and a
 * test that was skipped has failed.
 */
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { MAY_BE_SKIPPED, skipsIn } from './skipped-tests.ts'
import { slowestFiles } from './slowest-files.ts'

const root = join(import.meta.dir, '..')
const bun = process.execPath
const isCi = Boolean(process.env.CI)
const isQuick = process.argv.includes('--quick')
const chosen = process.argv.slice(2).filter((argument) => argument !== '--quick')

/** They run builds, servers and sandboxes. */
const SLOW_MODULES = [
  'api',
  'backups',
  'builds',
  'data',
  'drive',
  'launcher',
  'processes',
  'pushes',
  'runner',
  'transfers',
]
const SLOW_FILES = [
  'src/cli/real-server.test.ts',
  'src/cli/outage.test.ts',
  'src/cli/interactive.test.ts',
  'src/cli/bin.test.ts',
  'src/cli/doctor.test.ts',
  'src/base/sqlite/**',
  'src/base/model.test.ts',
  'src/storage/postgres/**',
  'src/directory/replica/hung-platform.test.ts',
]
/** More would compete for what each server under test needs. */
const MOST_WORKERS = 4
const TIMINGS = join(root, 'dist/test-timings.json')

interface Tally {
  passed: number
  failed: number
  skipped: number
}

const STEPS: readonly { name: string; command: string[] }[] = [
  { name: 'format', command: [bun, 'fmt', '--no-script', '--check'] },
  { name: 'lint', command: [join(root, 'node_modules/.bin/oxlint'), '--deny-warnings'] },
  { name: 'types', command: [bun, 'check', '--no-script'] },
]

const total: Tally = { passed: 0, failed: 0, skipped: 0 }
for (const step of isQuick || chosen.length > 0 ? [] : STEPS) {
  const isFine = (await run(step.command)).exitCode === 0
  console.log(`${isFine ? '✓' : '✗'} ${step.name}`)
  add(total, { passed: isFine ? 1 : 0, failed: isFine ? 0 : 1, skipped: 0 })
}
const tests = await run([bun, 'test', ...testArguments()], (text) => process.stderr.write(text))
add(total, tallyOf(tests))
printSlowest(tests.output)
reportSkips(tests.output)

console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed > 0 ? 1 : 0)

function testArguments(): string[] {
  const workers = Math.min(availableParallelism(), MOST_WORKERS)
  // Files share the globals of their worker, as they do without workers: no test may change them.
  const parallel = [`--parallel=${workers}`, '--no-isolate', `--timings=${TIMINGS}`, '--update-timings']
  const ignored = [...(isCi ? [] : ['bench/**']), ...(isQuick ? SLOW_FILES : [])]
  if (chosen.length > 0) return ['--timeout', '120000', ...chosen]
  return [
    '--timeout',
    '120000',
    ...parallel,
    ...ignored.map((pattern) => `--path-ignore-patterns=${pattern}`),
    ...(isQuick ? quickFolders() : []),
  ]
}

function quickFolders(): string[] {
  const modules = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  )
  return modules.filter(({ name }) => !SLOW_MODULES.includes(name)).map(({ name }) => `src/${name}/`)
}

function printSlowest(output: string) {
  if (chosen.length > 0) return
  console.log('\nslowest files:')
  for (const { file, ms } of slowestFiles(TIMINGS, output, 10))
    console.log(`${(ms / 1000).toFixed(1).padStart(7)} s  ${file}`)
  if (!isCi && !isQuick) console.log('\nleft out: bench/, which CI=true runs')
}

function reportSkips(output: string) {
  const { names, reasons } = skipsIn(output)
  if (names.length === 0) return
  console.log(`\n${names.length} skipped:`)
  for (const name of names)
    console.log(`  ${name}${MAY_BE_SKIPPED[name] ? ` (${MAY_BE_SKIPPED[name]})` : ''}`)
  for (const reason of reasons) console.log(`  ${reason}`)
  const missing = names.filter((name) => !MAY_BE_SKIPPED[name])
  if (!isCi || missing.length === 0) return
  console.log(`  ${missing.length} of them need what is missing here, which fails in CI`)
  total.failed += missing.length
}

async function run(command: string[], echo?: (text: string) => void) {
  const child = Bun.spawn(command, {
    cwd: root,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    env: { ...process.env, FORCE_COLOR: '0' },
  })
  const [stdout, stderr] = await Promise.all([collect(child.stdout, echo), collect(child.stderr, echo)])
  const exitCode = await child.exited
  if (!echo && exitCode !== 0) process.stderr.write(stdout + stderr)
  return { exitCode, output: stdout + stderr }
}

async function collect(stream: ReadableStream<Uint8Array>, echo?: (text: string) => void): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of stream) {
    const chunk = decoder.decode(bytes, { stream: true })
    text += chunk
    echo?.(chunk)
  }
  return text
}

/** Reads the summary that bun prints. A run without a summary, or without a test, counts as a failure. */
function tallyOf({ exitCode, output }: { exitCode: number; output: string }): Tally {
  const count = (word: string) => Number(output.match(new RegExp(`^\\s*(\\d+) ${word}$`, 'm'))?.[1] ?? 0)
  const tally = { passed: count('pass'), failed: count('fail'), skipped: count('skip') }
  if (exitCode !== 0 && tally.failed === 0) tally.failed = 1
  if (tally.passed === 0 && tally.failed === 0) tally.failed = 1
  return tally
}

function add(sum: Tally, more: Tally) {
  sum.passed += more.passed
  sum.failed += more.failed
  sum.skipped += more.skipped
}
