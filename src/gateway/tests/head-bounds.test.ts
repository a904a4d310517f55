/** Bounds of heads are those that were set, and answers name them. */
import { expect, test } from 'bun:test'
import { requestHead, startOpenApp } from '../testing/open-app.ts'
import { always } from '../testing/raw-upstream.ts'

const LARGE = { requestHeadBytes: 120_000, targetBytes: 50_000, responseHeadBytes: 200_000 }
const SMALL = { requestHeadBytes: 2_000, targetBytes: 500, responseHeadBytes: 1_000 }
const withCookie = (length: number) => requestHead('GET /', `Cookie: a=${'x'.repeat(length)}`)
const withUrl = (length: number) => requestHead(`GET /${'x'.repeat(length)}`)

test.each([
  ['cookies', withCookie(100_000)],
  ['address', withUrl(40_000)],
])('a request with a long %s reaches the app where that is allowed', async (_, request) => {
  await using app = await startOpenApp(undefined, { limits: LARGE })
  app.client.send(request)
  expect(await app.client.untilReceived('ok')).toStartWith('HTTP/1.1 200 ')
  expect(app.upstream.heads[0]!.length).toBeGreaterThan(request.length)
})

test.each([
  ['cookies', withCookie(2_000), '431'],
  ['address', withUrl(501), '414'],
])('a request with a longer %s than is allowed is refused', async (_, request, status) => {
  await using app = await startOpenApp(undefined, { limits: SMALL })
  app.client.send(request)
  expect(await app.client.untilEnd()).toStartWith(`HTTP/1.1 ${status} `)
  expect(app.upstream.heads).toEqual([])
})

test.each([
  [LARGE, '200'],
  [SMALL, '502'],
])('the head of an answer is bounded: %#', async (limits, status) => {
  const head = `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Long: ${'x'.repeat(150_000)}\r\n\r\n`
  await using app = await startOpenApp(always(`${head}ok`), { limits })
  app.client.send(requestHead('GET /'))
  expect(await app.client.untilReceived('\r\n\r\n')).toStartWith(`HTTP/1.1 ${status} `)
})
