/**
 * The whole check, as CI runs it: format, lint, types, tests. Runs every step even when one fails, so that one run
 * shows all failures, and ends with `N passed, N failed` (format, lint and types count as one each).
 * Arguments are passed to `bun test`, and then only the tests run: `npm test -- src/access`.
 */
import { join } from 'node:path'

const root = join(import.meta.dir, '..')
const bun = process.execPath
const chosen = process.argv.slice(2)

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
for (const step of chosen.length > 0 ? [] : STEPS) {
  const isFine = (await run(step.command)).exitCode === 0
  console.log(`${isFine ? '✓' : '✗'} ${step.name}`)
  add(total, { passed: isFine ? 1 : 0, failed: isFine ? 0 : 1, skipped: 0 })
}
const tests = await run([bun, 'test', '--timeout', '60000', ...chosen], (text) => process.stderr.write(text))
add(total, tallyOf(tests))

if (total.skipped > 0) console.log(`\n${total.skipped} skipped: this machine lacks what these tests need`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed > 0 ? 1 : 0)

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
