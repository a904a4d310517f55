import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listenForGateways } from './listen.ts'

let folder: string
let socketPath: string
let listening: AsyncDisposable
let handler: (request: Request) => Promise<Response>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ownspace-listen-'))
  socketPath = join(folder, 'home.sock')
  listening = await listenForGateways(socketPath, { fetch: (request) => handler(request) })
})
afterEach(async () => {
  await listening[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

test('a large upload streams in, and two cookies go out', async () => {
  let total = 0
  handler = async (request) => {
    for await (const chunk of request.body!) total += chunk.length
    const headers = new Headers()
    headers.append('Set-Cookie', 'a=1')
    headers.append('Set-Cookie', 'b=2')
    return new Response('ok', { status: 201, headers })
  }
  const answer = Promise.withResolvers<{ status: number; cookies: string[] }>()
  const upload = httpRequest(
    { socketPath, method: 'POST', path: '/', headers: { Host: 'a' } },
    (response) => {
      response.resume()
      answer.resolve({ status: response.statusCode!, cookies: response.headers['set-cookie']! })
    },
  )
  const chunk = Buffer.alloc(1024 * 1024)
  for (let i = 0; i < 20; i++)
    if (!upload.write(chunk)) await new Promise((drained) => upload.once('drain', drained))
  upload.end()
  expect(await answer.promise).toEqual({ status: 201, cookies: ['a=1', 'b=2'] })
  expect(total).toBe(20 * chunk.length)
})

test('lines of an answer go out as they come, and a reader that leaves ends their source', async () => {
  const cancelled = Promise.withResolvers<void>()
  handler = async () =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('first\n')),
        cancel: () => cancelled.resolve(),
      }),
    )
  const first = Promise.withResolvers<string>()
  const following = httpRequest({ socketPath, path: '/', headers: { Host: 'a' } }, (response) => {
    response.once('data', (chunk: Buffer) => first.resolve(chunk.toString()))
    response.on('error', () => {})
  })
  following.on('error', () => {})
  following.end()
  expect(await first.promise).toBe('first\n')
  following.destroy()
  await cancelled.promise
})

test('only our user can open the socket', () => {
  expect(statSync(socketPath).mode & 0o777).toBe(0o600)
})
