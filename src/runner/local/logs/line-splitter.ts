import { MAX_LINE_CHARACTERS } from '../../limits.ts'

/** Yields the lines of a stream without line ends as they arrive. Long lines are split, so memory is bounded. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    const pieces = piecesOf(rest)
    rest = pieces.pop() ?? ''
    const complete = [...lines.flatMap((line) => piecesOf(line.replace(/\r$/, ''))), ...pieces]
    if (complete.length > 0) yield complete
  }
  if (rest) yield [rest.replace(/\r$/, '')]
}

function piecesOf(line: string): string[] {
  const pieces: string[] = []
  for (let at = 0; at === 0 || at < line.length; at += MAX_LINE_CHARACTERS)
    pieces.push(line.slice(at, at + MAX_LINE_CHARACTERS))
  return pieces
}
