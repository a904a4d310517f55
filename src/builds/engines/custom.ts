import { BuildFailure } from '../failure.ts'
import { runCommands } from '../micro-build.ts'
import type { MicroBuild } from '../micro-build.ts'
import { shipWorkFolder } from '../ship-tree.ts'
import type { BuiltMicro } from '../types.ts'

/** `custom`: the app's own commands make it, its own `run` starts it. */
export async function buildCustom(build: MicroBuild): Promise<BuiltMicro> {
  const command = build.spec.run
  if (command === null)
    throw new BuildFailure(
      'user',
      `Micro \`${build.spec.name}\` has the engine \`custom\`, which needs \`run\` in the Spacefile.`,
    )
  await runCommands(build)
  build.log('Packing...')
  await shipWorkFolder(build)
  return { name: build.spec.name, kind: 'process', dir: build.spec.name, command, env: {} }
}
