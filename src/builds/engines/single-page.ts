import { BuildFailure } from '../failure.ts'
import { installNodeDependencies } from '../install-dependencies.ts'
import { runCommands, type EngineBuilder, type BuildContext } from '../build-context.ts'
import { kindBelow } from '../kind-below.ts'
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
    return publish(build, await chooseResult(build, folders), true)
  }
}

/** The folder that `serve` names. When the build has not made it but one of `folders`, the result is certain. */
async function chooseResult(build: BuildContext, folders: readonly string[]): Promise<string> {
  const { serve } = build.spec
  if (serve === null) return findResult(build, folders)
  if ((await kindBelow(build.workDir, serve)) === 'folder') return serve
  const pages = []
  for (const folder of folders) if (await hasPage(build, folder)) pages.push(folder)
  const [found] = pages
  if (pages.length !== 1 || found === undefined) return serve
  build.log(
    `\`serve\` in the Spacefile is ${serve}, which the build did not create. Serving ${found}, which it did. Correct \`serve\`: ${found}`,
  )
  return found
}

async function findResult(build: BuildContext, folders: readonly string[]): Promise<string> {
  for (const folder of folders) if (await hasPage(build, folder)) return folder
  for (const folder of folders) if ((await kindBelow(build.workDir, folder)) === 'folder') return folder
  throw new BuildFailure(
    'user',
    `The build of micro \`${build.spec.name}\` created none of the folders ${folders.join(', ')}. Set \`serve\` in the Spacefile to the folder of the result.`,
  )
}

/** Other folders of the same name hold the configuration of old tools. */
const hasPage = async ({ workDir }: BuildContext, folder: string): Promise<boolean> =>
  (await kindBelow(workDir, `${folder}/index.html`)) === 'file'
