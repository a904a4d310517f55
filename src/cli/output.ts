import type { WriteStream } from 'node:tty'
import { createColors } from 'picocolors'

export type Colors = ReturnType<typeof createColors>
type Env = Readonly<Record<string, string | undefined>>

/** One of the two output streams: results go to `out`, progress and messages to `err`. */
export interface Output {
  readonly colors: Colors
  readonly isTerminal: boolean
  line(text?: string): void
  /** Shows a line that the next line replaces; prints nothing when the stream is not a terminal. */
  progress(text: string): void
}

const ERASE_LINE = '\r\x1b[2K'

export function createOutput(stream: WriteStream, env: Env): Output {
  const isTerminal = Boolean(stream.isTTY) && env.TERM !== 'dumb'
  let isProgressShown = false
  const erase = () => {
    if (!isProgressShown) return ''
    isProgressShown = false
    return ERASE_LINE
  }
  return {
    colors: createColors(hasColors(isTerminal, env)),
    isTerminal,
    line: (text = '') => void stream.write(`${erase()}${text}\n`),
    progress(text) {
      if (!isTerminal) return
      const line = `${erase()}${text.slice(0, (stream.columns || 80) - 1)}`
      isProgressShown = true
      stream.write(line)
    },
  }
}

/** https://no-color.org and https://force-color.org: explicit settings take precedence over detection. */
function hasColors(isTerminal: boolean, env: Env): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0'
  return isTerminal
}
