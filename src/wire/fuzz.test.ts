import { expect, test } from 'bun:test'
import { newBodyReader } from './body-reader.ts'
import { WIRE_LIMITS } from './limits.ts'
import { readRequestHead } from './request-head.ts'
import { readResponseHead } from './response-head.ts'
import { chunkOf, lastChunk } from './serialise.ts'
import { randomConnection } from './testing/message-grammar.ts'
import { cutUp, seededRandom } from './testing/random.ts'
import { readConnection } from './testing/read-connection.ts'

const RUNS = 3_000

test('a connection reads the same however its octets are cut', () => {
  for (let seed = 0; seed < RUNS; seed++) {
    const random = seededRandom(seed)
    const bytes = Buffer.from(randomConnection(random), 'latin1')
    const whole = readConnection([bytes])
    for (let count = 0; count < 3; count++) {
      const cut = readConnection(cutUp(bytes, random))
      // An error may be seen with the octet that makes it one, before or after the request in front of it is complete.
      expect({ seed, ...cut }).toEqual({ seed, ...whole })
    }
  }
})

test('random octets are refused or wait for more, and never throw', () => {
  for (let seed = 0; seed < RUNS; seed++) {
    const random = seededRandom(seed)
    const bytes = Buffer.from(Array.from({ length: random.int(300) }, () => random.int(256)))
    const request = readRequestHead(bytes)
    expect(['parse-error', 'incomplete']).toContain(request.kind)
    expect(['parse-error', 'incomplete']).toContain(readResponseHead(bytes, 'GET').kind)
    const part = newBodyReader({ kind: 'chunked' }).read(bytes)
    if (part.kind === 'end') expect(part.payload.length + part.rest.length).toBeLessThan(bytes.length)
  }
})

test('a body that goes in as chunks comes out the same, whatever is in it', () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = seededRandom(seed)
    const body = Buffer.from(Array.from({ length: random.int(5_000) }, () => random.int(256)))
    const coded = Buffer.concat([...cutUp(body, random).map(chunkOf), lastChunk([]), Buffer.from('NEXT')])
    const reader = newBodyReader({ kind: 'chunked' })
    const payloads: Buffer[] = []
    let rest = ''
    for (const piece of cutUp(coded, random)) {
      if (rest !== '') rest += piece.toString('latin1')
      else {
        const part = reader.read(piece)
        if (part.kind === 'parse-error') throw new Error(`seed ${seed}`)
        payloads.push(part.payload)
        if (part.kind === 'end') rest = `>${part.rest.toString('latin1')}`
      }
    }
    expect(Buffer.concat(payloads).equals(body)).toBe(true)
    expect(rest).toBe('>NEXT')
  }
})

test('hostile heads are read in linear time', () => {
  const hostile = [
    `GET /${'a'.repeat(WIRE_LIMITS.targetBytes - 1)} HTTP/1.1\r\nHost: a.test\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: a.test\r\nConnection: ${',x'.repeat(14_000)}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: a.test\r\nX:${' '.repeat(30_000)}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: ${'a'.repeat(30_000)}\r\n\r\n`,
  ].map((text) => Buffer.from(text, 'latin1'))
  // A quadratic reader would need minutes for this.
  for (let round = 0; round < 200; round++) for (const bytes of hostile) readRequestHead(bytes)
})
