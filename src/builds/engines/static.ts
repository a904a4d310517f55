import { compressFiles } from '../compress-files.ts'
import { BuildFailure } from '../failure.ts'
import { installNodeDependencies } from '../install-dependencies.ts'
import { linkManifests } from '../link-manifests.ts'
import { runCommands, type BuildContext } from '../build-context.ts'
import { copyStaticArtifact } from '../copy-static-artifact.ts'
import type { BuiltMicro } from '../types.ts'

/** `static`: the files below `serve`, as they are or as the commands make them. */
export async function buildStatic(build: BuildContext): Promise<BuiltMicro> {
  // Without a command nothing could use the dependencies.
  if (build.spec.commands.length > 0) {
    await installNodeDependencies(build)
    await runCommands(build)
  }
  if (build.spec.serve === null)
    throw new BuildFailure('user', `Micro \`${build.spec.name}\` needs \`serve\` in the Spacefile.`)
  return publish(build, build.spec.serve, false)
}

/** Ships a folder of files with their compressed forms. */
export async function publish(build: BuildContext, serve: string, spaFallback: boolean): Promise<BuiltMicro> {
  build.log(`Packing ${serve === '.' ? 'files' : serve}...`)
  await copyStaticArtifact(build, serve)
  await linkManifests(build.shipDir)
  await compressFiles(build.shipDir)
  return { name: build.spec.name, kind: 'static', root: build.spec.name, spaFallback }
}
