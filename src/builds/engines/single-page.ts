import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { BuildFailure } from '../failure.ts'
import { installNodeDependencies } from '../install-dependencies.ts'
import { runCommands, type EngineBuilder, type BuildContext } from '../build-context.ts'
import { publish } from './static.ts'

/**
 * `react`, `vue`, `svelte`: installed, built (`commands`, else `npm run build`), then served as files; paths without a
 * file get index.html, where the router of the page takes over. `folders`: where the framework's tools put the
 * result, the engine's documented default first (COMPAT 4.5).
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
    `The build of micro \`${build.spec.name}\` left none of the folders ${folders.join(', ')}. Name its result with \`serve\` in the Spacefile.`,
  )
}
