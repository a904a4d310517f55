import { expect, test } from 'bun:test'
import { checkIcon } from './icon.ts'

const png = (width: number, height: number) =>
  Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), uint32(width), uint32(height)])
const riff = (kind: string, rest: Buffer) =>
  Buffer.concat([Buffer.from(`RIFF\0\0\0\0WEBP${kind}\0\0\0\0`, 'latin1'), rest, Buffer.alloc(16)])

test.each([
  ['a PNG', png(512, 512), 'image/png'],
  ['a lossy WebP', riff('VP8 ', Buffer.from('0000009d012a00020002', 'hex')), 'image/webp'],
  ['a lossless WebP', riff('VP8L', Buffer.concat([Buffer.from([0x2f]), lossless(512, 512)])), 'image/webp'],
  ['an extended WebP', riff('VP8X', Buffer.from('00000000ff0100ff0100', 'hex')), 'image/webp'],
])('%s of 512 × 512 is fine', (_, bytes, contentType) => {
  expect(checkIcon(bytes)).toEqual({ kind: 'ok', contentType: contentType as 'image/png' })
})

test.each([
  ['a PNG of another size', png(512, 128), 'is 512 × 128 pixels; it must be 512 × 512'],
  ['a GIF', Buffer.from('GIF89a\0\0\0\0'), 'is neither a PNG nor a WebP image'],
  ['an empty file', Buffer.alloc(0), 'is neither a PNG nor a WebP image'],
  ['a PNG that is cut off', png(512, 512).subarray(0, 20), 'is neither a PNG nor a WebP image'],
  ['a WebP of an unknown kind', riff('ABCD', Buffer.alloc(0)), 'is neither a PNG nor a WebP image'],
])('%s is not', (_, bytes, problem) => {
  expect(checkIcon(bytes)).toEqual({ kind: 'bad', problem })
})

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function lossless(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(((height - 1) << 14) | (width - 1))
  return bytes
}
