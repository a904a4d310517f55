import { BuildFailure } from '../failure.ts'
import type { FailedStep } from './cause.ts'
import { findCause } from './find-cause.ts'

/** An install ends by itself, unlike a command of the app. */
const TOO_SLOW =
  'Compiling a package, or a slow network, may take this long. Run again when the server has less to do: space push. If that does not help, the administrator can raise --install-within.'

/** The failure of an install by `tool`, with its cause if the output shows it. */
export function installFailure(micro: string, tool: string, result: FailedStep): BuildFailure {
  const start = `${tool} could not install the dependencies of micro \`${micro}\``
  const blame = findCause(result)
  if (blame?.cause.id === 'time')
    return new BuildFailure('system', `${start}: ${result.message}. ${TOO_SLOW}`)
  if (blame !== null) return new BuildFailure(faultOf(blame.cause.culprit), `${start}. ${blame.text}`)
  if (result.exitCode === null)
    return new BuildFailure('system', `${start}: ${result.message}. Run again: space push`)
  return new BuildFailure(
    'user',
    `${start}. The lines above say why. To reproduce the failure, run \`${COMMANDS[tool] ?? `${tool} install`}\` on your machine.`,
  )
}

/** Where the command is not just `install`. */
const COMMANDS: Readonly<Record<string, string>> = {
  uv: 'uv pip install -r requirements.txt',
  pip: 'pip install -r requirements.txt',
}

/**
 * The failure of the `commands` of a micro. `packages`: those of the system that the app installs and this server lacks.
 */
export function commandFailure(micro: string, result: FailedStep, packages: string | null): BuildFailure {
  if (packages !== null)
    return new BuildFailure(
      'system',
      `A build command of micro \`${micro}\` installs packages that this server lacks: ${packages}. On the server, run: apt install ${packages}`,
    )
  const { fault, exitCode, message, hint } = result
  const how = exitCode === null ? `: ${message}.` : ` with exit code ${exitCode}.`
  const start = `A build command of micro \`${micro}\` failed${how}`
  if (hint !== null) return new BuildFailure('user', `${start} ${hint}.`)
  const blame = findCause(result)
  if (blame !== null) return new BuildFailure(faultOf(blame.cause.culprit), `${start} ${blame.text}`)
  if (exitCode === null || fault === 'system') return new BuildFailure(fault, start)
  return new BuildFailure(
    'user',
    `${start} The lines above say why. To reproduce the failure, run the same command on your machine.`,
  )
}

const faultOf = (culprit: 'app' | 'server' | 'registry'): 'user' | 'system' =>
  culprit === 'app' ? 'user' : 'system'
