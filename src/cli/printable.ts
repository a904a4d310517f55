/* oxlint-disable no-control-regex -- removing control characters is what this file is for */
const ESCAPE_SEQUENCE =
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[@-Z\\-_a-z])/g
const COLOR = /^\x1b\[[\d;]*m$/
const CONTROL = /[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f\x80-\x9f]/g

/**
 * Makes text from a server or an app safe to print: otherwise a log line could move the cursor, retitle the window
 * or write the clipboard. Colours stay when `keepColors`; of an overwritten line (`\r`) the last state stays.
 */
export function printable(text: string, keepColors = false): string {
  const line = text.replace(/\r+$/, '')
  const visible = line.slice(line.lastIndexOf('\r') + 1)
  const clean = visible
    .replace(ESCAPE_SEQUENCE, (sequence) => (keepColors && COLOR.test(sequence) ? sequence : ''))
    .replace(CONTROL, '')
  return keepColors ? endColors(clean) : clean.replaceAll('\x1b', '')
}

function endColors(text: string): string {
  const clean = text.replace(/\x1b(?!\[[\d;]*m)/g, '')
  return clean.includes('\x1b') && !/\x1b\[0?m$/.test(clean) ? `${clean}\x1b[0m` : clean
}
