/** Spacefiles of one micro, and their errors. For tests. */
import { parseSpacefile } from '../index.ts'

/** A Spacefile with one micro; `extra` are further lines of the micro, the first of which is line 6. */
export const micro = (extra: string, engine = 'nodejs16'): string =>
  `v: 0\nmicros:\n  - name: app\n    src: .\n    engine: ${engine}\n${extra.replace(/^/gm, '    ')}\n`

/** `<line>:<column> <message>` of every error. */
export const errorsOf = (text: string): string[] =>
  parseSpacefile(text)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ line, column, message }) => `${line}:${column} ${message}`)
