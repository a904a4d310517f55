import type { BuildContext } from '../build-context.ts'
import { tryAddDeno } from './add-deno.ts'
import { managerVersion } from './manager-version.ts'
import { addProjectTools } from './project-tools.ts'
import { toolsIn } from './run-tools.ts'

/** For micros that install by their own commands: the tools of the project's files, and those that the commands call. */
export async function addCommandTools(build: BuildContext): Promise<void> {
  const { commands, run } = build.spec
  await addProjectTools(build)
  for (const kind of toolsIn([...commands, run ?? ''].join('\n'))) {
    if (build.tools.versionOf(kind) !== null) continue
    if (kind === 'deno') await tryAddDeno(build)
    const ask = managerVersion(kind, NO_FILES)
    if (ask !== null) await build.tools.add({ kind, version: ask.version })
  }
}

/** The project has no lockfile in its own folder, so the usual version is given. */
const NO_FILES = { packageJson: {}, lock: null, yarnrc: null, pnpmWorkspace: null }
