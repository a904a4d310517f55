import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { BuildFailure } from '../failure.ts'
import { installNodeDependencies } from '../install-dependencies.ts'
import { runCommands, type EngineBuilder, type BuildContext } from '../build-context.ts'
import { publish } from './static.ts'

/**
 * `react`, `vue`, `svelte`: installs, builds (`commands`, else `npm run build`), then serves the result as files. Paths
 * without a file get index.html, for the router of the page. `folders`: where the framework's tools write the result,
 * the engine's documented default first (COMPAT 4.5).
 */
export function singlePage(folders: readonly string[]): EngineBuilder {
  return async (build) => {
    await installNodeDependencies(build)
    const { commands } = build.spec
    await runCommands(build, commands.length > 0 ? commands : ['npm run build'])
    return publish(build, build.spec.serve ?? (await findResult(build, folders)), true)
  }
}

async function findResult(build: BuildContext, folders: readonly string[]): Promise<string> {
  for (const folder of folders) {
    const stat = await lstat(join(build.workDir, folder)).catch(() => null)
    if (stat?.isDirectory()) return folder
  }
  throw new BuildFailure(
    'user',
    `The build of micro \`${build.spec.name}\` created none of the folders ${folders.join(', ')}. Set \`serve\` in the Spacefile to the folder of the result.`,
  )
}
