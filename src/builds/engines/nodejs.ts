import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { readPackageJson } from '../../spacefile/index.ts'
import { BuildFailure } from '../failure.ts'
import { installNodeDependencies } from '../install-dependencies.ts'
import { BUILD_LIMITS } from '../limits.ts'
import { runCommands } from '../micro-build.ts'
import type { MicroBuild } from '../micro-build.ts'
import { readAppFile } from '../read-app-file.ts'
import { shipWorkFolder } from '../ship-tree.ts'
import type { BuiltMicro } from '../types.ts'

/** `nodejs…`: dependencies, commands, then everything or what `include` names. */
export async function buildNodejs(build: MicroBuild): Promise<BuiltMicro> {
  await installNodeDependencies(build)
  await runCommands(build)
  build.log('Packing...')
  await shipWorkFolder(build)
  const command = build.spec.run ?? (await defaultCommand(build.shipDir))
  if (command === null)
    throw new BuildFailure(
      'user',
      `Nothing says how micro \`${build.spec.name}\` starts. Write \`run\` in the Spacefile, or add an index.js or a \`start\` script.`,
    )
  return { name: build.spec.name, kind: 'process', dir: build.spec.name, command, env: {} }
}

/** COMPAT 4.5 and what apps without `run` rely on: index.js, else the package's own way to start. */
async function defaultCommand(dir: string): Promise<string | null> {
  if (await isFile(dir, 'index.js')) return 'node index.js'
  const text = await readAppFile(dir, 'package.json', BUILD_LIMITS.packageJsonBytes)
  if (text === null) return null
  const { scripts, main } = readPackageJson(text)
  if (scripts.has('start')) return 'npm start'
  return main !== null && /^[\w./-]+$/.test(main) && (await isFile(dir, main)) ? `node ${main}` : null
}

async function isFile(dir: string, path: string): Promise<boolean> {
  const stat = await lstat(join(dir, path)).catch(() => null)
  return stat?.isFile() ?? false
}
