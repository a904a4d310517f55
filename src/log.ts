/**
 * Named loggers: one line of text per event on stderr, `time level name message key=value …`.
 *
 * Owns the format and the level; never decides what is worth logging, and never sees a secret: callers pass
 * ids, counts and reasons. Control characters in values are escaped, so a request cannot forge a line.
 */

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'
export type LogFields = Record<string, string | number | boolean | null | undefined>

export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  /** `cause` is printed with its stack; it never reaches a client. */
  error(message: string, fields?: LogFields, cause?: unknown): void
  child(name: string): Logger
}

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']

export function createLogger(
  name: string,
  level: LogLevel,
  write: (line: string) => void = (line) => void process.stderr.write(line),
): Logger {
  const emit = (at: LogLevel, message: string, fields: LogFields = {}, cause?: unknown) => {
    if (ORDER.indexOf(at) < ORDER.indexOf(level)) return
    const pairs = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ` ${key}=${quote(String(value))}`)
    const stack = cause === undefined ? '' : `\n${describe(cause)}`
    write(
      `${new Date().toISOString()} ${at.padEnd(5)} ${name} ${escapeControls(message)}${pairs.join('')}${stack}\n`,
    )
  }
  return {
    debug: (message, fields) => emit('debug', message, fields),
    info: (message, fields) => emit('info', message, fields),
    warn: (message, fields) => emit('warn', message, fields),
    error: (message, fields, cause) => emit('error', message, fields, cause),
    child: (part) => createLogger(`${name}.${part}`, level, write),
  }
}

export const silentLogger: Logger = createLogger('silent', 'silent')

function quote(value: string): string {
  return /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value)
}

function escapeControls(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\x00-\x1f\x7f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}
