import { seconds } from '../process/messages.ts'
import type { Cgroup } from './cgroup.ts'

/** This machine could not set up the sandbox; the app is not the cause. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError'
}

/** Passed to every step of a sandbox's set-up. */
export interface SetUp extends Disposable {
  /** Aborted when the sandbox has exited, the start is cancelled or the set-up takes too long: no step waits longer. */
  readonly signal: AbortSignal
  /** The control group of helpers, which carry the app's traffic and must not take CPU from others. Null: none. */
  readonly helpers: Cgroup | null
}

interface SetUpOptions {
  readonly bwrap: { readonly exited: Promise<number> }
  readonly helpers: Cgroup | null
  readonly limitMs: number
  readonly cancel?: AbortSignal
}

/** Dispose it once the sandbox is set up: that clears the time limit and unsubscribes from `cancel`. */
export function beginSetUp({ bwrap, helpers, limitMs, cancel }: SetUpOptions): SetUp {
  const controller = new AbortController()
  const abort = (message: string) => controller.abort(new SandboxError(message))
  const timer = setTimeout(() => abort(`the sandbox was not ready within ${seconds(limitMs)}`), limitMs)
  void bwrap.exited.then(() => abort('the sandbox exited during its set-up'))
  const giveUp = () => abort('the micro was stopped during its start')
  if (cancel?.aborted) giveUp()
  cancel?.addEventListener('abort', giveUp)
  return {
    signal: controller.signal,
    helpers,
    [Symbol.dispose]: () => {
      clearTimeout(timer)
      cancel?.removeEventListener('abort', giveUp)
    },
  }
}
