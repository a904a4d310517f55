import type { Diagnostic } from './model.ts'

/** Diagnostics for a terminal: position, message, the line with a caret below it, hint. Without colours. */
export function formatDiagnostics(text: string, diagnostics: readonly Diagnostic[]): string {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n/)
  return diagnostics.map((diagnostic) => formatOne(lines[diagnostic.line - 1] ?? '', diagnostic)).join('\n')
}

const WIDTH = 100

function formatOne(line: string, { severity, message, hint, line: number, column }: Diagnostic): string {
  // A long line is shown from shortly before the position, so that the caret is always visible.
  const from = column > WIDTH ? column - 20 : 0
  const gutter = String(number)
  const rows = [
    `Spacefile:${number}:${column} ${severity}: ${printable(message)}`,
    `  ${gutter} | ${printable(line.slice(from, from + WIDTH))}`,
    `  ${' '.repeat(gutter.length)} | ${' '.repeat(column - 1 - from)}^`,
  ]
  if (hint !== undefined) rows.push(`  hint: ${printable(hint)}`)
  return `${rows.join('\n')}\n`
}

/** One character for each: the text of an app's author must not move the reader's cursor. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/\t/g, ' ').replace(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD')
}
