import type { LineCounter } from 'yaml'
import { SPACEFILE_LIMITS } from './limits.ts'
import type { Diagnostic } from './model.ts'

/** Collects a bounded number of diagnostics by their offset in the text, in the order of the lines. */
export interface Report {
  error(at: number, message: string, hint?: string): void
  warning(at: number, message: string, hint?: string): void
  hasErrors(): boolean
  diagnostics(): Diagnostic[]
}

export function createReport(lines: LineCounter): Report {
  const found: Diagnostic[] = []
  let dropped = 0
  let errors = 0
  const add = (severity: Diagnostic['severity'], at: number, message: string, hint?: string) => {
    if (severity === 'error') errors++
    if (found.length >= SPACEFILE_LIMITS.diagnostics) {
      dropped++
      return
    }
    const { line, col } = positionOf(lines, at)
    found.push({ severity, message, ...(hint === undefined ? {} : { hint }), line, column: col })
  }
  return {
    error: (at, message, hint) => add('error', at, message, hint),
    warning: (at, message, hint) => add('warning', at, message, hint),
    hasErrors: () => errors > 0,
    diagnostics: () => {
      const sorted = found.toSorted((a, b) => a.line - b.line || a.column - b.column)
      const last = sorted.at(-1)
      if (last === undefined || dropped === 0) return sorted
      const severity = errors > 0 ? 'error' : 'warning'
      return [
        ...sorted,
        { severity, message: `${dropped} more like these`, line: last.line, column: last.column },
      ]
    },
  }
}

/** Before the first line is parsed, the counter has none; an empty text still has a first line. */
function positionOf(lines: LineCounter, at: number): { line: number; col: number } {
  const { line, col } = lines.linePos(Math.max(0, at))
  return { line: Math.max(1, line), col: Math.max(1, col) }
}
