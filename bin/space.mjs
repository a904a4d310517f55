#!/usr/bin/env node
/**
 * The `space` command on plain Node: makes sure that this package is installed, then execs `src/cli/index.ts` on the
 * bun of this package. A Node that has no exec (before 22.15) starts bun as a child process, and passes on the terminal,
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

/** When install scripts are switched off, npm installs a small text file in place of the binary. */
function isBinary(path) {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 1_000_000
}

function isInstalled() {
  const packages = statSync(join(root, 'node_modules', 'commander'), { throwIfNoEntry: false })
  return packages !== undefined && bunPath() !== undefined
}

/** Prints to stderr, so that `space … --json` prints one JSON object on stdout. */
function install() {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'ensure.mjs')], {
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) process.exit(status ?? 1)
}

function run(bun) {
  if (!bun) fail('The bun binary of this package is missing.', `Run: npm ci --prefix ${root}`)
  const args = [join(root, 'src', 'cli', 'index.ts'), ...process.argv.slice(2)]
  if (process.execve && !isWindows) process.execve(bun, [bun, ...args])
  const child = spawn(bun, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail('bun could not be started.', error.message))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    // Our parent must see the same end: the signal of the child, not an exit code.
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function fail(problem, hint) {
  process.stderr.write(`✗ ${problem}\n  ${hint}\n`)
  process.exit(1)
}
