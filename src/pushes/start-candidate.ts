import type { RevisionMicro } from '../projects/index.ts'
import {
  type MicroRunner,
  type Revision,
  type RunningProcess,
  isProcess,
  microSpec,
  processOf,
} from '../instances/index.ts'
import { StepFailure } from './run-step.ts'

type CandidateRunner = Pick<MicroRunner, 'ensureRunning' | 'stop'>
type FailedStart = Extract<Awaited<ReturnType<MicroRunner['ensureRunning']>>, { kind: 'failed' }>

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
  const starts = input.micros.filter(isProcess).map((micro) => ({
    spec: microSpec(micro, input),
    process: processOf(micro, input),
  }))
  const running: RunningProcess[] = []
  let isKept = false
  const candidate: Candidate = {
    running,
    keep: () => (isKept = true),
    [Symbol.asyncDispose]: async () => {
      if (!isKept) await Promise.all(starts.map(({ spec }) => runner.stop(spec.id)))
    },
  }
  for (const { process } of starts) input.onLine(`Starting ${process.micro}`)
  try {
    const results = await Promise.all(starts.map(({ spec }) => runner.ensureRunning(spec)))
    // After every start has ended, so that no process starts once the others were stopped.
    for (const [index, result] of results.entries()) {
      const { process } = starts[index]!
      if (result.kind === 'failed') throw startFailure(process.micro, result)
      running.push({ process, address: result.address })
    }
    return candidate
  } catch (error) {
    await candidate[Symbol.asyncDispose]()
    throw error
  }
}

const startFailure = (micro: string, { reason, message, logTail }: FailedStart): StepFailure =>
  new StepFailure(
    reason === 'refused' ? 'system' : 'user',
    `${micro} did not start: ${message}`,
    tailOf(logTail).map((line) => `[${micro}] ${line}`),
  )

const tailOf = (text: string): string[] => text.split('\n').filter(Boolean).slice(-TAIL_LINES)
