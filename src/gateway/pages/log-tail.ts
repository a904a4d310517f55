import { withoutControls } from './escape.ts'

const MAX_LINES = 60
const MAX_LINE_CHARS = 500

/** The end of an app's output as plain lines: no colours, no carriage returns, bounded in both directions. */
export function readableLog(output: string): string {
  const lines = Bun.stripANSI(output.slice(-MAX_LINES * MAX_LINE_CHARS * 2))
    .split(/\r\n|[\r\n]/)
    .map((line) => withoutControls(line).trimEnd())
  while (lines.length > 0 && lines.at(-1) === '') lines.pop()
  return lines
    .slice(-MAX_LINES)
    .map((line) => (line.length > MAX_LINE_CHARS ? `${line.slice(0, MAX_LINE_CHARS)} …` : line))
    .join('\n')
}
