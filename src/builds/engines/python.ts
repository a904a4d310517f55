import { BuildFailure } from '../failure.ts'
import { isRegistryUnreachable } from '../install-dependencies.ts'
import { BUILD_LIMITS } from '../limits.ts'
import { runCommands, type BuildContext } from '../build-context.ts'
import { readAppFile } from '../read-app-file.ts'
import { writeArtifactFile } from '../copy-paths.ts'
import { copyWorkFolder } from '../copy-server-artifact.ts'
import { kindBelow } from '../kind-below.ts'
import type { BuiltMicro } from '../types.ts'
import { PYTHON_PACKAGES } from './python-packages.ts'
import { SERVE_MODULE, SERVE_SOURCE } from './python-serve.ts'

/** `python3…`: packages of requirements.txt, commands, then `run` or `app` of main.py. */
export async function buildPython(build: BuildContext): Promise<BuiltMicro> {
  const { name, run } = build.spec
  await installPackages(build)
  await runCommands(build)
  if (run === null && (await kindBelow(build.workDir, 'main.py')) !== 'file')
    throw new BuildFailure(
      'user',
      `Micro \`${name}\` has no start command. Add \`run\` to the Spacefile, or a main.py that defines \`app\`.`,
    )
  build.log('Packing...')
  await copyWorkFolder(build, [PYTHON_PACKAGES])
  await writeArtifactFile(build.artifactDir, `${PYTHON_PACKAGES}/${SERVE_MODULE}.py`, SERVE_SOURCE)
  const command = `${ENVIRONMENT}; ${run ?? `python -m ${SERVE_MODULE}`}`
  return { name, kind: 'process', dir: name, command, env: {} }
}

/**
 * `uvicorn main:app` names no port, so the port is in uvicorn's variables. Bytecode is off because the folder is
 * read-only, and output is unbuffered so that it reaches the log at once.
 */
const ENVIRONMENT = [
  `export PATH="$PWD/${PYTHON_PACKAGES}/bin:$PATH"`,
  `PYTHONPATH="$PWD/${PYTHON_PACKAGES}"`,
  'PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1',
  'UVICORN_HOST=0.0.0.0 UVICORN_PORT="$PORT"',
].join(' ')

const NO_PYTHON = 69

async function installPackages(build: BuildContext): Promise<void> {
  const text = await readAppFile(build.workDir, 'requirements.txt', BUILD_LIMITS.packageJsonBytes)
  if (text !== null) build.log('Installing dependencies with pip...')
  const result = await build.run({
    script: installScript(build.spec.engine.name, text, build.spec.run === null),
    cacheDir: build.caches.own,
    timeoutMs: build.limits.installMs,
  })
  if (result.kind === 'ok') return
  if (result.exitCode === NO_PYTHON)
    throw new BuildFailure(
      'system',
      'This server has no Python 3 with pip. On the server, run: apt install python3 python3-pip',
    )
  if (isRegistryUnreachable(result.tail))
    throw new BuildFailure(
      'system',
      "pip could not reach the package index from this server. Check the server's network, then run: space push",
    )
  throw new BuildFailure(
    'user',
    `pip could not install requirements.txt of micro \`${build.spec.name}\`. The lines above say why.`,
  )
}

/**
 * Uses the version that the engine names if this server has it, else the server's Python 3. A link makes it `python`
 * for the app, in builds and at run time.
 */
function installScript(engine: string, requirements: string | null, isServedByUs: boolean): string {
  const wanted = /^python3\.\d+$/.test(engine) ? engine : 'python3'
  const server = isServedByUs && needsServer(requirements ?? '') ? ' uvicorn' : ''
  const install = [
    `"$PY" -m pip --version >/dev/null 2>&1 || exit ${NO_PYTHON}`,
    `"$PY" -m pip install ${PIP_FLAGS} --target ${PYTHON_PACKAGES} -r requirements.txt${server}`,
  ]
  return [
    'set -e',
    `PY=$(command -v ${wanted} || command -v python3) || exit ${NO_PYTHON}`,
    'echo "Using $("$PY" --version)"',
    ...(requirements === null ? [] : install),
    // After pip: if the folder exists before, pip does not install the programs of packages into it.
    `mkdir -p ${PYTHON_PACKAGES}/bin`,
    `ln -sf "$PY" ${PYTHON_PACKAGES}/bin/python`,
  ].join('\n')
}

const PIP_FLAGS =
  '--no-input --disable-pip-version-check --no-warn-script-location --root-user-action ignore --progress-bar off'

/** Deta Space provided the server of ASGI apps, and many apps list only their framework. */
function needsServer(requirements: string): boolean {
  return /^\s*(fastapi|starlette|quart|litestar|blacksheep)\b/im.test(requirements)
}
