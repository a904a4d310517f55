import type { Cli } from '../context.ts'
import { printable } from '../printable.ts'

/** Prints log lines as they arrive, and keeps the last ones for a failure message. */
export interface LogView {
  add(line: string): void
  /** The last lines, if they were not printed already. */
  unseen(): readonly string[]
  last(): string | undefined
}

const KEPT_LINES = 30

export function createLogView(cli: Cli): LogView {
  const { dim, isColorSupported } = cli.err.colors
  const tail: string[] = []
  return {
    add(line) {
      const text = printable(line, isColorSupported)
      if (!text.trim()) return
      tail.push(printable(line))
      if (tail.length > KEPT_LINES) tail.shift()
      if (!cli.wantsJson) cli.err.line(`  ${dim('│')} ${text}`)
    },
    unseen: () => (cli.wantsJson ? tail : []),
    last: () => tail.at(-1),
  }
}
