import { compressFiles } from '../compress-files.ts'
import { BuildFailure } from '../failure.ts'
import { installNodeDependencies } from '../install-dependencies.ts'
import { linkManifests } from '../link-manifests.ts'
import { runCommands, type BuildContext } from '../build-context.ts'
import { copyStaticArtifact } from '../copy-static-artifact.ts'
import type { BuiltMicro } from '../types.ts'

/** `static`: the files below `serve`, uploaded or created by the commands. */
export async function buildStatic(build: BuildContext): Promise<BuiltMicro> {
  // Only commands can use the dependencies.
  if (build.spec.commands.length > 0) {
    await installNodeDependencies(build)
    await runCommands(build)
  }
  if (build.spec.serve === null)
    throw new BuildFailure('user', `Micro \`${build.spec.name}\` needs \`serve\` in the Spacefile.`)
  return publish(build, build.spec.serve, false)
}

/** Copies a folder of files into the artifact and adds compressed copies. */
export async function publish(build: BuildContext, serve: string, spaFallback: boolean): Promise<BuiltMicro> {
  build.log(`Packing ${serve === '.' ? 'files' : serve}...`)
  await copyStaticArtifact(build, serve)
  await linkManifests(build.artifactDir)
  await compressFiles(build.artifactDir, build.earlierDirs)
  return { name: build.spec.name, kind: 'static', root: build.spec.name, spaFallback }
}
