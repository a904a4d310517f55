/**
 * Named loggers: one line of text per event on stderr, `time level name message key=value …`.
 *
 * Owns the format, the level and the limits. Never decides what to log, and never receives a secret: callers pass ids,
 * counts and reasons. Control characters in values are escaped and stacks are indented, so a request cannot forge a line.
 * Values are truncated and lines of each kind limited, so that requests cannot fill the disk.
 */

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'
export type LogFields = Record<string, string | number | boolean | null | undefined>

export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  /** `cause` is printed with its stack. Clients never see it. */
  error(message: string, fields?: LogFields, cause?: unknown): void
  child(name: string): Logger
}

/** From all lines to none. */
export const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']

/** Above this number of lines of one kind per minute, only their number is logged. */
export const LINES_A_MINUTE = 20
const MINUTE_MS = 60_000

const VALUE_MAX_CHARS = 500
const STACK_MAX_CHARS = 4_000

/** Writes lines of `level` or above; `write` receives each line with its line end. */
export function createLogger(
  name: string,
  level: LogLevel,
  write: (line: string) => void = (line) => void process.stderr.write(line),
): Logger {
  const mayPass = createFloodGate()
  const writeLine = (at: LogLevel, text: string) =>
    write(`${new Date().toISOString()} ${at.padEnd(5)} ${text}\n`)
  return namedLogger(name, {
    isWritten: (at) => LOG_LEVELS.indexOf(at) >= LOG_LEVELS.indexOf(level),
    write: (at, kind, details) => {
      const tell = (leftOut: number) => writeLine(at, `${kind} (${leftOut} more of these in a minute)`)
      // The debug level logs every step of every request, without a limit.
      if (at === 'debug' || mayPass(`${at} ${kind}`, tell)) writeLine(at, kind + details)
    },
  })
}

interface Sink {
  isWritten(at: LogLevel): boolean
  /** `kind` is a constant text, `details` differ each time. */
  write(at: LogLevel, kind: string, details: string): void
}

function namedLogger(name: string, sink: Sink): Logger {
  const emit = (at: LogLevel, message: string, fields: LogFields = {}, cause?: unknown) => {
    if (!sink.isWritten(at)) return
    const pairs = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ` ${key}=${quote(String(value))}`)
    const stack = cause === undefined ? '' : `\n${indented(describe(cause))}`
    sink.write(at, `${name} ${escapeControls(message)}`, pairs.join('') + stack)
  }
  return {
    debug: (message, fields) => emit('debug', message, fields),
    info: (message, fields) => emit('info', message, fields),
    warn: (message, fields) => emit('warn', message, fields),
    error: (message, fields, cause) => emit('error', message, fields, cause),
    child: (part) => namedLogger(`${name}.${part}`, sink),
  }
}

export const silentLogger: Logger = createLogger('silent', 'silent')

interface Period {
  written: number
  leftOut: number
}

/** Whether a line of this kind may be written. After the minute, `tell` gets the number of omitted lines. */
export type FloodGate = (kind: string, tell: (leftOut: number) => void) => boolean

/**
 * Limits the lines of each kind per minute, so that strangers can neither flood the log nor fill the disk. Kinds are
 * constant texts, so there are few. The timers do not keep the process alive.
 */
export function createFloodGate(periodMs = MINUTE_MS): FloodGate {
  const periods = new Map<string, Period>()
  return (kind, tell) => {
    let period = periods.get(kind)
    if (period === undefined) {
      const fresh = { written: 0, leftOut: 0 }
      period = fresh
      periods.set(kind, fresh)
      setTimeout(() => {
        periods.delete(kind)
        if (fresh.leftOut > 0) tell(fresh.leftOut)
      }, periodMs).unref()
    }
    const mayPass = period.written < LINES_A_MINUTE
    if (mayPass) period.written += 1
    else period.leftOut += 1
    return mayPass
  }
}

function quote(value: string): string {
  const text = cut(value, VALUE_MAX_CHARS)
  return /^[\w.:/@+-]+$/.test(text) ? text : escapeControls(JSON.stringify(text))
}

const cut = (text: string, maxChars: number): string =>
  text.length <= maxChars ? text : `${text.slice(0, maxChars)}…`

/** Terminal control characters (eight-bit ones included), other line ends, and characters that change the reading direction. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

const escapeControls = (text: string): string =>
  text.replace(CONTROLS, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Every line begins with spaces, unlike the first line of a log entry. */
const indented = (text: string): string =>
  cut(text, STACK_MAX_CHARS)
    .split('\n')
    .map((line) => `    ${escapeControls(line).trimStart()}`)
    .join('\n')

function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}
