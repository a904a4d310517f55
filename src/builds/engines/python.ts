import { BuildFailure } from '../failure.ts'
import { runCommands, type BuildContext } from '../build-context.ts'
import { writeArtifactFile } from '../copy-paths.ts'
import { copyWorkFolder } from '../copy-server-artifact.ts'
import { kindBelow } from '../kind-below.ts'
import { addPrograms } from '../python/add-programs.ts'
import { addServers } from '../python/add-server.ts'
import { installPythonPackages } from '../python/install-packages.ts'
import { COMMANDS_PRELUDE } from '../python/install-script.ts'
import type { BuiltMicro } from '../types.ts'
import { PYTHON_PACKAGES, PYTHON_RUNTIME, PYTHON_SERVER } from './python-packages.ts'
import { SERVE_MODULE, SERVE_SOURCE } from './python-serve.ts'

/** `python3…`: the packages that the project lists, commands, then `run` or `app` of main.py. */
export async function buildPython(build: BuildContext): Promise<BuiltMicro> {
  const { name, run, commands } = build.spec
  const installed = await installPythonPackages(build)
  await runCommands(build, commands, { prelude: COMMANDS_PRELUDE, pins: installed.pins })
  if (run === null && (await kindBelow(build.workDir, 'main.py')) !== 'file')
    throw new BuildFailure(
      'user',
      `Micro \`${name}\` has no start command. Add \`run\` to the Spacefile, or a main.py that defines \`app\`.`,
    )
  await addServers(build, installed)
  build.log('Packing...')
  await copyWorkFolder(build, await foldersOf(build))
  if (commands.length > 0) await addPrograms(build.artifactDir)
  await writeArtifactFile(build.artifactDir, `${PYTHON_PACKAGES}/${SERVE_MODULE}.py`, SERVE_SOURCE)
  const command = `${ENVIRONMENT}; ${run ?? `python -m ${SERVE_MODULE}`}`
  return { name, kind: 'process', dir: name, command, env: {} }
}

/** What the app needs at run time besides what `include` names. */
async function foldersOf({ workDir }: BuildContext): Promise<string[]> {
  const kinds = await Promise.all(
    [PYTHON_SERVER, PYTHON_RUNTIME].map(async (path) => ((await kindBelow(workDir, path)) ? [path] : [])),
  )
  return [PYTHON_PACKAGES, ...kinds.flat()]
}

/**
 * `uvicorn main:app` names no port, so the port is in uvicorn's variables. Bytecode is off because the folder is
 * read-only, and output is unbuffered so that it reaches the log at once.
 */
const ENVIRONMENT = [
  `export PATH="$PWD/${PYTHON_PACKAGES}/bin:$PWD/${PYTHON_SERVER}/bin:$PATH"`,
  `PYTHONPATH="$PWD/${PYTHON_PACKAGES}:$PWD/${PYTHON_SERVER}"`,
  'PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1',
  'UVICORN_HOST=0.0.0.0 UVICORN_PORT="$PORT"',
].join(' ')
