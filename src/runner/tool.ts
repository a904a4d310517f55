/** A folder of programs that is mounted read-only into a sandbox, before the machine's own programs on PATH. */
export interface Tool {
  /** `node-22.23.5`: names the folder inside. */
  readonly name: string
  /** Its programs are in `bin/`. Readable by all users. Absolute. */
  readonly dir: string
}

/** Tools that stay on the disk until this is disposed. */
export interface HeldTools extends Disposable {
  readonly tools: readonly Tool[]
}
