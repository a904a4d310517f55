/** Bodies of strangers are not stored: a stranger can open many calls and send the bodies slowly. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { CALLS, nameOf } from '../contract/index.ts'
import { HOME, sign, type TestApi, openWithOwner } from './testing/test-api.ts'

let platform: TestApi
beforeAll(async () => void ({ platform } = await openWithOwner()))
afterAll(() => platform[Symbol.asyncDispose]())

const PIECE = new Uint8Array(65_536)

/** A body that never ends, and the number of bytes that were read. */
function endlessBody() {
  const taken = { pieces: 0 }
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      taken.pieces++
      controller.enqueue(PIECE)
    },
  })
  return { body, taken }
}

async function send(method: string, path: string, more: (headers: Headers) => void = () => {}) {
  const { body, taken } = endlessBody()
  const headers = new Headers({ 'Content-Type': 'application/json' })
  more(headers)
  const { status } = await platform.fetch(new Request(HOME + path, { method, headers, body }))
  return { status, taken }
}

const rowsWithBody = CALLS.filter(({ body }) => body !== undefined).map(
  (spec) => [nameOf(spec), spec.auth, spec.method, spec.path.replace(/:\w+/g, 'x')] as const,
)

describe.each(rowsWithBody.filter(([, auth]) => auth === 'user'))('%s', (_name, _auth, method, path) => {
  test('does not read a body that is signed with an unknown token', async () => {
    const { status, taken } = await send(method, path, (headers) => {
      const token = 'abcdefgh_abcdefghijklmnopqrstuvwxyz012345'
      sign(headers, { method, path, body: '', token, nowMs: platform.clock.nowMs })
    })
    expect(status).toBe(401)
    // A stream is one piece ahead of its reader.
    expect(taken.pieces).toBeLessThanOrEqual(1)
  })
})

describe.each(rowsWithBody.filter(([, auth]) => auth === 'public'))('%s', (_name, _auth, method, path) => {
  test('takes a small body only', async () => {
    const { status, taken } = await send(method, path)
    expect(status).toBe(413)
    expect(taken.pieces).toBeLessThanOrEqual(2)
  })
})

test('a password of a thousand characters, each escaped, fits', async () => {
  const password = '\\ud83d\\ude00'.repeat(500)
  const headers = { 'Content-Type': 'application/json' }
  const answer = await platform.call('POST', '/api/v0/session', {
    headers,
    body: `{"username":"ada","password":"${password}"}`,
  })
  expect(answer.status).toBe(401)
})
