import type { RevisionMicro } from '../projects/index.ts'
import type { UpstreamAddress } from '../directory/index.ts'
import { type MicroRunner, type Revision, isProcess, microSpec } from '../instances/index.ts'
import { StepFailure } from './run-step.ts'

type CandidateRunner = Pick<MicroRunner, 'ensureRunning' | 'stop'>

/** How many lines of a failed app's output the push log shows. */
const TAIL_LINES = 40

/** A revision whose processes all listen, beside the one that serves. Disposing ends the processes unless `keep` was called. */
export interface Candidate extends AsyncDisposable {
  /** By process id. */
  readonly addresses: ReadonlyMap<string, UpstreamAddress>
  keep(): void
}

export interface CandidateInput extends Revision {
  readonly micros: readonly RevisionMicro[]
  readonly onLine: (line: string) => void
}

/** Starts every process micro at once. Throws StepFailure, with the end of its output, when one does not listen. */
export async function startCandidate(runner: CandidateRunner, input: CandidateInput): Promise<Candidate> {
  const specs = input.micros.filter(isProcess).map((micro) => microSpec(micro, input))
  const addresses = new Map<string, UpstreamAddress>()
  let isKept = false
  const candidate: Candidate = {
    addresses,
    keep: () => (isKept = true),
    [Symbol.asyncDispose]: async () => {
      if (!isKept) await Promise.all(specs.map(({ id }) => runner.stop(id)))
    },
  }
  for (const { micro } of specs) input.onLine(`Starting ${micro}`)
  try {
    for (const { micro, id, result } of await startAll(runner, specs)) {
      if (result.kind === 'failed')
        throw new StepFailure(
          result.reason === 'refused' ? 'system' : 'user',
          `${micro} did not start: ${result.message}`,
          tailOf(result.logTail).map((line) => `[${micro}] ${line}`),
        )
      addresses.set(id, result.address)
    }
    return candidate
  } catch (error) {
    await candidate[Symbol.asyncDispose]()
    throw error
  }
}

/** Waits for every start before a failure is reported, so that no process starts after the others were stopped. */
const startAll = (runner: CandidateRunner, specs: readonly ReturnType<typeof microSpec>[]) =>
  Promise.all(
    specs.map(async (spec) => ({
      ...spec,
      result: await runner.ensureRunning(spec),
    })),
  )

const tailOf = (text: string): string[] => text.split('\n').filter(Boolean).slice(-TAIL_LINES)
