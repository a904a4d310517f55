import { readAll } from '../process/read-all.ts'
import { within } from '../process/wait.ts'

/** A program that carries the traffic of a sandbox. Without it, the sandbox is cut off. */
export interface Helper {
  /** Aborted once the program has exited for any reason; the abort reason has its error output. */
  readonly ended: AbortSignal
  /** Kills the program and resolves when it has exited. */
  end(): Promise<void>
}

/** How long a child of the program may keep the error stream open after the program has exited. */
const STDERR_MS = 500

interface HelperOptions {
  /** For the message when the program printed none. */
  readonly name: string
  readonly kill: () => unknown
  readonly explain?: (errors: string) => string
}

/** Collects the error output of the program from its first byte, and notices its exit. */
export function watchHelper(
  child: { readonly stderr: ReadableStream<Uint8Array>; readonly exited: Promise<number> },
  { name, kill, explain = (errors) => errors.trim() }: HelperOptions,
): Helper {
  const controller = new AbortController()
  const errors = readAll(child.stderr)
  const message = async () => explain(await within(errors, STDERR_MS, '')) || `${name} exited`
  void child.exited.then(async () => controller.abort(new Error(await message())))
  return {
    ended: controller.signal,
    end: async () => {
      kill()
      await child.exited
    },
  }
}
