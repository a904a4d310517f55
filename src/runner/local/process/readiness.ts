import { within } from './wait.ts'
import type { ExitStatus, Listeners, RunningProcess } from './running-process.ts'

export type Readiness =
  | { readonly kind: 'ready' }
  | { readonly kind: 'exited'; readonly status: ExitStatus }
  | { readonly kind: 'timeout'; readonly elsewhere: readonly string[] }

/** One check costs about 50 µs, and a person usually waits for the start. */
const EAGER_POLL_MS = 4
const PATIENT_POLL_MS = 25
const EAGER_FOR_MS = 2_000
/** How long the last check, at the deadline, may take. */
const CHECK_MS = 1_000
const NOTHING: Listeners = { ready: false, elsewhere: [] }

/** Resolves as soon as the process listens on its address, has exited, or `timeoutMs` have passed. */
export async function waitUntilReady(process: RunningProcess, timeoutMs: number): Promise<Readiness> {
  const startedAt = performance.now()
  const exit = process.exited.then((status) => ({ kind: 'exited' as const, status }))
  for (;;) {
    const leftMs = Math.max(0, startedAt + timeoutMs - performance.now())
    const state = await within(Promise.race([process.listeners(), exit]), leftMs + CHECK_MS, NOTHING)
    if (isExit(state)) return state
    if (state.ready) return { kind: 'ready' }
    const elapsedMs = performance.now() - startedAt
    if (elapsedMs >= timeoutMs) return { kind: 'timeout', elsewhere: state.elsewhere }
    await Promise.race([Bun.sleep(elapsedMs < EAGER_FOR_MS ? EAGER_POLL_MS : PATIENT_POLL_MS), exit])
  }
}

const isExit = (state: Listeners | Readiness): state is Readiness & { kind: 'exited' } =>
  'kind' in state && state.kind === 'exited'
