import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { readPackageJson } from '../../spacefile/index.ts'
import { BuildFailure } from '../failure.ts'
import { installNodeDependencies } from '../install-dependencies.ts'
import { BUILD_LIMITS } from '../limits.ts'
import { runCommands, type BuildContext } from '../build-context.ts'
import { readAppFile } from '../read-app-file.ts'
import { copyWorkFolder, startIn } from '../copy-server-artifact.ts'
import type { BuiltMicro } from '../types.ts'

/** How an app without `run` starts: with one of `files`, else with its start script or `main` file. */
interface Starter {
  readonly program: string
  readonly files: readonly string[]
  readonly startScript: string
}

const NODE: Starter = { program: 'node', files: ['index.js'], startScript: 'npm start' }
const BUN: Starter = {
  program: 'bun',
  files: ['index.ts', 'index.tsx', 'index.js'],
  startScript: 'bun run start',
}

/** `nodejs…`: installs dependencies, runs the commands, then copies everything, or the paths in `include`. */
export const buildNodejs = (build: BuildContext): Promise<BuiltMicro> => buildServer(build, NODE)

/** `bun`: the same, run by Bun. */
export const buildBun = (build: BuildContext): Promise<BuiltMicro> => buildServer(build, BUN)

async function buildServer(build: BuildContext, starter: Starter): Promise<BuiltMicro> {
  await installNodeDependencies(build, { isRead: build.spec.commands.length === 0 })
  await runCommands(build)
  build.log('Packing...')
  await copyWorkFolder(build)
  const command = build.spec.run ?? (await defaultCommand(join(build.artifactDir, build.path), starter))
  if (command === null) throw await noStartCommand(build, starter)
  return {
    name: build.spec.name,
    kind: 'process',
    dir: build.spec.name,
    command: startIn(build.path, command),
    env: {},
  }
}

async function noStartCommand({ spec, artifactDir }: BuildContext, starter: Starter): Promise<BuildFailure> {
  const text = await readAppFile(artifactDir, 'package.json', BUILD_LIMITS.packageJsonBytes)
  const hasBuild = text !== null && readPackageJson(text).scripts.has('build')
  const remedy =
    hasBuild && spec.commands.length === 0
      ? `package.json has a \`build\` script that was not run. Add to the micro in the Spacefile: commands: [npm run build], and \`run\` with the file that it writes.`
      : `Add \`run\` to the Spacefile, an ${starter.files[0]}, or a \`start\` script in package.json.`
  return new BuildFailure('user', `Micro \`${spec.name}\` has no start command. ${remedy}`)
}

/** COMPAT 4.5, and the files that apps without `run` rely on: index.js, else the start script, else `main`. */
async function defaultCommand(dir: string, { program, files, startScript }: Starter): Promise<string | null> {
  for (const file of files) if (await isFile(dir, file)) return `${program} ${file}`
  const text = await readAppFile(dir, 'package.json', BUILD_LIMITS.packageJsonBytes)
  if (text === null) return null
  const { scripts, main } = readPackageJson(text)
  if (scripts.has('start')) return startScript
  return main !== null && /^[\w./-]+$/.test(main) && (await isFile(dir, main)) ? `${program} ${main}` : null
}

async function isFile(dir: string, path: string): Promise<boolean> {
  const stat = await lstat(join(dir, path)).catch(() => null)
  return stat?.isFile() ?? false
}
