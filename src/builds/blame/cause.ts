/** What a failed step shows of its end. */
export interface Symptoms {
  /** The last lines that it printed, without progress noise. */
  readonly tail: string
  /** How it ended: `exited with code 1`, `ran out of memory (limit 4096 MB)`. */
  readonly message: string
  readonly exitCode: number | null
}

/** A step that failed. */
export interface FailedStep extends Symptoms {
  /** `system`: it could not run here, or was ended from outside. */
  readonly fault: 'user' | 'system'
  /** What is wrong with the app, as a sentence without a full stop, if the runner knows. */
  readonly hint: string | null
}

/** `app`: the app has to change; `server`: this machine; `registry`: a host that the build needs. */
export type Culprit = 'app' | 'server' | 'registry'

/** One cause of failed builds. `$1`, `$2` in the texts stand for the groups of the pattern. */
export interface Cause {
  /** For tests and logs. */
  readonly id: string
  /** Compared with `message`, a line break, and `tail`. */
  readonly pattern: RegExp
  readonly culprit: Culprit
  /** One sentence with its full stop: what failed and why. */
  readonly sentence: string
  /** What to do next, in one or more sentences. */
  readonly next: string
}
