import { seconds } from '../process/messages.ts'
import type { Cgroup } from './cgroup.ts'

/** This machine could not build the walls; the app is not to blame. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError'
}

/** What every step of a sandbox's start is given. */
export interface SetUp extends Disposable {
  /** Aborted when the sandbox has ended or its start takes too long: no step waits any longer. */
  readonly signal: AbortSignal
  /** Bounds programs of ours that carry the app's traffic: they are the app's to pay for. Null: none can be had. */
  readonly helpers: Cgroup | null
}

interface SetUpOptions {
  readonly bwrap: { readonly exited: Promise<number> }
  readonly helpers: Cgroup | null
  readonly limitMs: number
  readonly cancel?: AbortSignal
}

/** Disposing ends the time limit and no longer listens to `cancel`: the sandbox is there. */
export function beginSetUp({ bwrap, helpers, limitMs, cancel }: SetUpOptions): SetUp {
  const controller = new AbortController()
  const abort = (message: string) => controller.abort(new SandboxError(message))
  const timer = setTimeout(() => abort(`the sandbox was not ready within ${seconds(limitMs)}`), limitMs)
  void bwrap.exited.then(() => abort('the sandbox ended while it was being built'))
  const giveUp = () => abort('it was stopped while it started')
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
