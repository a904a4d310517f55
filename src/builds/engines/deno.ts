import { BuildFailure } from '../failure.ts'
import { runCommands, type BuildContext } from '../build-context.ts'
import { copyWorkFolder } from '../copy-server-artifact.ts'
import { kindBelow } from '../kind-below.ts'
import { addDeno } from '../tools/add-deno.ts'
import { addProjectTools } from '../tools/project-tools.ts'
import type { BuiltMicro } from '../types.ts'

const MAIN_FILES = ['main.ts', 'main.js', 'index.ts', 'server.ts', 'mod.ts']
/** Beside the app: at run time only the app's own folder and /tmp are there. */
const MODULES = '.deno'

/** `deno`: downloads the modules that `main.ts` imports, runs the commands, then copies everything, or the paths in `include`. */
export async function buildDeno(build: BuildContext): Promise<BuiltMicro> {
  const { name, run, include } = build.spec
  const main = await mainFile(build)
  if (run === null && main === null)
    throw new BuildFailure(
      'user',
      `Micro \`${name}\` has no start command. Add \`run\` to the Spacefile, or a main.ts.`,
    )
  await addProjectTools(build)
  await addDeno(build)
  build.tools.setEnv({ DENO_DIR: `./${MODULES}`, DENO_NO_UPDATE_CHECK: '1' })
  if (main !== null) await downloadModules(build, main)
  await runCommands(build)
  build.log('Packing...')
  const hasModules = include !== null && (await kindBelow(build.workDir, MODULES)) === 'folder'
  await copyWorkFolder(build, hasModules ? [MODULES] : [])
  const command = `export DENO_DIR="$PWD/${MODULES}" DENO_NO_UPDATE_CHECK=1; ${run ?? `deno run -A ${main}`}`
  return { name, kind: 'process', dir: name, command, env: {} }
}

async function mainFile({ workDir }: BuildContext): Promise<string | null> {
  for (const file of MAIN_FILES) if ((await kindBelow(workDir, file)) === 'file') return file
  return null
}

/** A module that is missing is not an error yet: a command may create it, and the app may never import it. */
async function downloadModules(build: BuildContext, main: string): Promise<void> {
  build.log('Downloading modules with deno...')
  const result = await build.run({
    script: `deno cache ${main}`,
    cacheDir: build.caches.own,
    timeoutMs: build.limits.installMs,
  })
  if (result.kind === 'failed')
    build.log(`Deno could not download all modules of ${main}. The lines above say why.`)
}
