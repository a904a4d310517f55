import { BuildFailure } from '../failure.ts'
import { runCommands, type BuildContext } from '../build-context.ts'
import { copyWorkFolder, startIn } from '../copy-server-artifact.ts'
import { addCommandTools } from '../tools/command-tools.ts'
import type { BuiltMicro } from '../types.ts'

/** `custom`: built by the app's `commands`, started by its `run`. */
export async function buildCustom(build: BuildContext): Promise<BuiltMicro> {
  const command = build.spec.run
  if (command === null)
    throw new BuildFailure(
      'user',
      `Micro \`${build.spec.name}\` has the engine \`custom\`, which needs \`run\` in the Spacefile.`,
    )
  await addCommandTools(build)
  await runCommands(build)
  build.log('Packing...')
  await copyWorkFolder(build)
  const { name } = build.spec
  return { name, kind: 'process', dir: name, command: startIn(build.path, command), env: {} }
}
