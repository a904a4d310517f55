import { expect, test } from 'bun:test'
import { newBodyReader } from './body-reader.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

test('a body with a length ends exactly there, wherever its pieces are cut', () => {
  const text = 'hello world'
  for (let length = 1; length <= text.length; length++) {
    for (let cut = 0; cut < length; cut++) {
      const reader = newBodyReader({ kind: 'length', length })
      const first = reader.read(bytes(text.slice(0, cut)))
      const second = reader.read(bytes(text.slice(cut)))
      if (first.kind !== 'more' || second.kind !== 'end') throw new Error(`${length} ${cut}`)
      expect(first.payload.toString() + second.payload.toString()).toBe(text.slice(0, length))
      expect(second.rest.toString()).toBe(text.slice(length))
    }
  }
})

test('a body until close takes everything and never ends by itself', () => {
  const reader = newBodyReader({ kind: 'until-close' })
  expect(reader.read(bytes('0\r\n\r\n'))).toEqual({ kind: 'more', payload: bytes('0\r\n\r\n') })
})
