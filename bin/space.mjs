#!/usr/bin/env node
/**
 * The `space` command on plain Node: makes sure that this package is installed, then becomes `src/cli/index.ts` on the
 * bun of this package. A Node that cannot replace itself (before 22.15) starts bun instead, and hands on the terminal,
 * the arguments, the working directory, signals and the exit code.
 */
import { spawn, spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const isWindows = process.platform === 'win32'

if (!isInstalled()) install()
run(bunPath())

function bunPath() {
  const places = [
    ['node_modules', 'bun', 'bin', 'bun.exe'],
    ['node_modules', '.bin', isWindows ? 'bun.exe' : 'bun'],
  ]
  return places.map((place) => join(root, ...place)).find(isBinary)
}

/** npm puts a small text file where the binary belongs when install scripts are switched off. */
function isBinary(path) {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 1_000_000
}

function isInstalled() {
  const packages = statSync(join(root, 'node_modules', 'commander'), { throwIfNoEntry: false })
  return packages !== undefined && bunPath() !== undefined
}

/** Its output goes to stderr, so that `space … --json` stays one JSON object on stdout. */
function install() {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'ensure.mjs')], {
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) process.exit(status ?? 1)
}

function run(bun) {
  if (!bun) fail('The bun binary of this package is missing.', `Try: npm ci --prefix ${root}`)
  const args = [join(root, 'src', 'cli', 'index.ts'), ...process.argv.slice(2)]
  if (process.execve && !isWindows) process.execve(bun, [bun, ...args])
  const child = spawn(bun, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail('bun could not be started.', error.message))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    // Whoever started us must see the same end: by signal, not by a made-up exit code.
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function fail(problem, hint) {
  process.stderr.write(`✗ ${problem}\n  ${hint}\n`)
  process.exit(1)
}
