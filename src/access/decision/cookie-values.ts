/**
 * Every value with exactly this name in a `Cookie` header (case-sensitive, RFC 6265, 5.4), in order. Quotes stay part
 * of the value, so a quoted token is not a token. Never throws; linear.
 */
export function cookieValues(header: string, name: string): string[] {
  const values: string[] = []
  for (let start = 0; start < header.length;) {
    const semicolon = header.indexOf(';', start)
    const end = semicolon < 0 ? header.length : semicolon
    const from = skipBlanks(header, start, end)
    if (header.startsWith(name, from) && header[from + name.length] === '=') {
      values.push(header.slice(from + name.length + 1, dropBlanks(header, from, end)))
    }
    start = end + 1
  }
  return values
}

const isBlank = (char: string | undefined): boolean => char === ' ' || char === '\t'

function dropBlanks(text: string, from: number, to: number): number {
  let end = to
  while (end > from && isBlank(text[end - 1])) end--
  return end
}

function skipBlanks(text: string, from: number, to: number): number {
  let at = from
  while (at < to && isBlank(text[at])) at++
  return at
}
