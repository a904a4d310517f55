import { findStartCause } from '../builds/index.ts'
import type { RevisionMicro } from '../projects/index.ts'
import { type Revision, type RunningProcess, isProcess, microSpec } from '../instances/index.ts'
import type { MicroRunner, StartResult } from '../runner/index.ts'
import { StepFailure } from './run-step.ts'

type CandidateRunner = Pick<MicroRunner, 'ensureRunning' | 'stop'>
type FailedStart = Extract<StartResult, { kind: 'failed' }>

/** How many lines of a failed app's output the push log shows. */
const TAIL_LINES = 40

/** A revision whose processes all listen, beside the one that serves. Disposing ends the processes unless `keep` was called. */
export interface Candidate extends AsyncDisposable {
  readonly running: readonly RunningProcess[]
  keep(): void
}

export interface CandidateInput extends Revision {
  readonly micros: readonly RevisionMicro[]
  readonly onLine: (line: string) => void
}

/** Starts every process micro at once. Throws StepFailure, with the end of its output, when one does not listen. */
export async function startCandidate(runner: CandidateRunner, input: CandidateInput): Promise<Candidate> {
  const specs = input.micros.filter(isProcess).map((micro) => microSpec(micro, input))
  const running: RunningProcess[] = []
  let isKept = false
  const candidate: Candidate = {
    running,
    keep: () => (isKept = true),
    [Symbol.asyncDispose]: async () => {
      if (!isKept) await Promise.all(specs.map(({ process }) => runner.stop(process)))
    },
  }
  for (const { process } of specs) input.onLine(`Starting ${process.micro}`)
  try {
    const results = await Promise.all(specs.map((spec) => runner.ensureRunning(spec)))
    // After every start has ended, so that no process starts once the others were stopped.
    for (const [index, result] of results.entries()) {
      const { process } = specs[index]!
      if (result.kind === 'failed') throw startFailure(process.micro, result)
      running.push({ process, address: result.address })
    }
    return candidate
  } catch (error) {
    await candidate[Symbol.asyncDispose]()
    throw error
  }
}

function startFailure(micro: string, { reason, message, logTail }: FailedStart): StepFailure {
  const cause = reason === 'refused' ? null : findStartCause({ message, tail: logTail })
  const fault = cause?.fault ?? (reason === 'refused' ? 'system' : 'user')
  const what = `${micro} did not start: ${message}`
  return new StepFailure(
    fault,
    cause === null ? what : `${what.replace(/\.$/, '')}. ${cause.text}`,
    tailOf(logTail).map((line) => `[${micro}] ${line}`),
  )
}

const tailOf = (text: string): string[] => text.split('\n').filter(Boolean).slice(-TAIL_LINES)
