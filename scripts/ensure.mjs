#!/usr/bin/env node
/**
 * Prepares a fresh clone, on plain Node: npm packages, the bun binary, the `space` link, Debian packages and Home's
 * files. Runs before `npm start`, `npm test` and `npx space`, and takes a few milliseconds when nothing is missing.
 * `--tests` also installs what the tests need; with CI set, anything missing is an error.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { explainNpmError } from './npm-errors.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const wantsTests = process.argv.includes('--tests')
const isStrict = Boolean(process.env.CI)
const at = (...parts) => join(root, ...parts)
/** npm's defaults wait for more than a minute on a machine without a network. Settings of the user win. */
const NPM_BOUNDS = {
  npm_config_fetch_retries: '1',
  npm_config_fetch_retry_mintimeout: '1000',
  npm_config_fetch_retry_maxtimeout: '5000',
  npm_config_fetch_timeout: '60000',
}

requireNode(20)
installPackages()
repairBun()
linkCommand()
installDebianPackages()
buildHome()

function requireNode(major) {
  if (Number(process.versions.node.split('.')[0]) < major)
    fail(
      `Ownspace needs Node ${major} or newer; this is ${process.version}.`,
      'Install a newer Node and try again.',
    )
}

function installPackages() {
  const stamp = at('node_modules', '.ownspace')
  const wanted = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('Installing npm packages (once, about 300 MB on disk) …')
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline']
  const { status, stderr, error } = spawnSync('npm', args, {
    cwd: root,
    env: { ...NPM_BOUNDS, ...process.env },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  if (status !== 0) failInstall(stderr ?? String(error), `Tried: npm ${args.join(' ')}`)
  writeFileSync(stamp, wanted)
}

function failInstall(stderr, tried) {
  const known = explainNpmError(stderr)
  if (known) fail(known.problem, known.hint)
  say(stderr)
  fail('npm could not install the packages.', tried)
}

/** npm may be configured not to run install scripts, and bun needs its own to install its binary. */
function repairBun() {
  if (existsSync(at('node_modules', '.ownspace-bun'))) return
  const works = () =>
    spawnSync(at('node_modules', '.bin', 'bun'), ['--version'], { stdio: 'ignore' }).status === 0
  if (!works())
    run(process.execPath, [at('node_modules', 'bun', 'install.js')], 'The bun binary could not be installed.')
  if (!works())
    fail(
      'The bun binary from npm does not run on this machine.',
      `Platform: ${process.platform} ${process.arch}`,
    )
  writeFileSync(at('node_modules', '.ownspace-bun'), '')
}

/** So that `npx space` in the folders of the examples finds this command, and not a stranger's package. */
function linkCommand() {
  const link = at('node_modules', '.bin', 'space')
  // Windows has no sh.
  const target = process.platform === 'win32' ? '../../bin/space.mjs' : '../../bin/space'
  const found = lstatSync(link, { throwIfNoEntry: false })
  if (found?.isSymbolicLink() && readlinkSync(link) === target) return
  rmSync(link, { force: true })
  symlinkSync(target, link)
}

function installDebianPackages() {
  const missing = debianPackages()
    .filter(({ program }) => !isOnPath(program))
    .map(({ name }) => name)
  if (missing.length === 0) return
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  const isRoot = process.getuid?.() === 0
  if (isRoot && isOnPath('apt-get')) {
    say(`Installing Debian packages: ${missing.join(' ')} …`)
    if (
      spawnSync('sh', [at('scripts', 'install-debian.sh'), ...missing], {
        stdio: ['ignore', 'ignore', 'inherit'],
      }).status === 0
    )
      return
  }
  say(
    `Missing: ${missing.join(' ')}. The features that need them are off; \`npx space doctor\` lists them. To install the packages:\n\n    ${isRoot ? '' : 'sudo '}${command}\n`,
  )
  if (isStrict) fail('A Debian package could not be installed, so not everything can be tested.', command)
}

function debianPackages() {
  const lines = readFileSync(at('scripts', 'debian-packages.txt'), 'utf8').split('\n')
  return lines
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.trim().split(/\s+/))
    .filter(([use]) => use === 'run' || wantsTests)
    .map(([, name, program]) => ({ name, program }))
}

function isOnPath(program) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin']
  return folders.some((folder) => folder && existsSync(join(folder, program)))
}

function buildHome() {
  if (!existsSync(at('src', 'web', 'index.html'))) return
  const built = statSync(at('dist', 'web', 'index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (built > newest(at('src', 'web')) && built > statSync(at('package-lock.json')).mtimeMs) return
  say('Building Home …')
  run(at('node_modules', '.bin', 'bun'), [at('scripts', 'build-web.ts')], 'Home could not be built.')
}

function newest(folder) {
  const times = readdirSync(folder, { withFileTypes: true }).map((entry) =>
    entry.isDirectory() ? newest(join(folder, entry.name)) : statSync(join(folder, entry.name)).mtimeMs,
  )
  return Math.max(0, ...times)
}

function run(program, args, problem) {
  try {
    execFileSync(program, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  } catch {
    fail(problem, `Tried: ${program} ${args.join(' ')}`)
  }
}

function say(text) {
  process.stderr.write(`${text}\n`)
}

function fail(problem, hint) {
  say(`\n✗ ${problem}\n  ${hint}\n`)
  process.exit(1)
}
