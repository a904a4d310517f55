import { expect, test } from 'bun:test'
import { MAX_LINE_CHARACTERS } from '../../limits.ts'
import { linesOf } from './line-splitter.ts'

async function split(...chunks: (string | Uint8Array)[]): Promise<string[]> {
  const bytes = chunks.map((chunk) => (typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk))
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of bytes) controller.enqueue(chunk)
      controller.close()
    },
  })
  const lines: string[] = []
  for await (const batch of linesOf(stream)) lines.push(...batch)
  return lines
}

test('lines do not depend on how the stream is split into chunks', async () => {
  const bytes = new TextEncoder().encode('one\r\n\ntwo äöü €\nlast')
  for (let at = 0; at <= bytes.length; at++)
    expect(await split(bytes.slice(0, at), bytes.slice(at))).toEqual(['one', '', 'two äöü €', 'last'])
})

test('an endless line is split into pieces', async () => {
  const pieces = await split(...Array.from({ length: 30 }, () => 'x'.repeat(1000)), '\nend\n')
  expect(pieces.slice(0, -1).every((piece) => piece.length <= MAX_LINE_CHARACTERS)).toBe(true)
  expect(pieces.slice(0, -1).join('')).toHaveLength(30_000)
  expect(pieces.at(-1)).toBe('end')
})

test('invalid UTF-8 does no harm', async () => {
  expect(await split(new Uint8Array([0xff, 0xfe, 10]), 'ok\n')).toEqual(['\uFFFD\uFFFD', 'ok'])
})
