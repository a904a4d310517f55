import { textOf } from '../process/read-all.ts'
import { within } from '../process/wait.ts'

/** A program of ours beside a sandbox, without which the sandbox cannot be reached or reaches nothing. */
export interface Helper {
  /** Aborted with its last words once it has ended, for whatever reason. */
  readonly ended: AbortSignal
  /** Ends it, and resolves when it has. */
  end(): Promise<void>
}

/** How long a child of the program may keep its error stream open after it. */
const LAST_WORDS_MS = 500

interface HelperOptions {
  /** For messages that it leaves unsaid. */
  readonly name: string
  readonly kill: () => unknown
  readonly explain?: (errors: string) => string
}

/** Reads what the program complains of, from its first word, and notices its end. */
export function watchHelper(
  child: { readonly stderr: ReadableStream<Uint8Array>; readonly exited: Promise<number> },
  { name, kill, explain = (errors) => errors.trim() }: HelperOptions,
): Helper {
  const controller = new AbortController()
  const errors = textOf(child.stderr)
  const words = async () => explain(await within(errors, LAST_WORDS_MS, '')) || `${name} ended`
  void child.exited.then(async () => controller.abort(new Error(await words())))
  return {
    ended: controller.signal,
    end: async () => {
      kill()
      await child.exited
    },
  }
}
