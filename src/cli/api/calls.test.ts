import { expect, test } from 'bun:test'
import { api, upload } from './calls.ts'
import type { Connection } from './connection.ts'
import { createPatience } from './patience.ts'
import { parseServer } from './server.ts'

const connectionTo = (port: number, answerMs = 10_000): Connection => ({
  server: parseServer(`http://127.0.0.1:${port}`),
  token: null,
  clockShiftSeconds: 0,
  patience: createPatience({ limitMs: 0, answerMs, notify: () => {} }),
})

/** A server that records the target of each request. */
function startRecorder() {
  const targets: string[] = []
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: ({ method, url }) => {
      const { pathname, search } = new URL(url)
      targets.push(`${method} ${pathname}${search}`)
      return Response.json({})
    },
  })
  const connection = connectionTo(server.port!)
  return { targets, connection, [Symbol.asyncDispose]: () => server.stop(true) }
}

test('ids are encoded in the path', async () => {
  await using recorder = startRecorder()
  const { connection, targets } = recorder
  await api(connection, 'GET /apps/:id', { params: { id: 'a/b?c' } })
  await upload(connection, 'POST /builds/:id/icon', {
    id: '../x',
    contentType: 'image/png',
    data: new Blob([]),
  })
  expect(targets.map((target) => target.replace(/^(\S+) .*\/v0/, '$1 '))).toEqual([
    'GET /apps/a%2Fb%3Fc',
    'POST /builds/..%2Fx/icon',
  ])
})

test.each([
  ['a change', (connection: Connection) => api(connection, 'DELETE /sessions')],
  ['a look', (connection: Connection) => api(connection, 'GET /apps')],
  [
    'an upload',
    (connection: Connection) =>
      upload(connection, 'POST /builds/:id/code', {
        id: 'bld_1',
        contentType: '',
        data: new Blob(['x'.repeat(300)]),
      }),
  ],
])('%s that the server never answers ends in time', async (_, call) => {
  const never = Promise.withResolvers<Response>()
  await using server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => never.promise })
  const failure = call(connectionTo(server.port!, 30)).catch((error: unknown) => error)
  expect(await failure).toMatchObject({
    code: 'connection_lost',
    message: expect.stringContaining('no answer came in time'),
  })
})

test('a call that the contract does not have does not compile', () => {
  const calls = (connection: Connection) => [
    // @ts-expect-error There is no such path.
    () => api(connection, 'GET /application'),
    // @ts-expect-error The id is missing.
    () => api(connection, 'GET /apps/:id'),
    // @ts-expect-error The body has another field.
    () => api(connection, 'POST /apps', { body: { title: 'Notes' } }),
    // @ts-expect-error A log is not a part of a push.
    () => upload(connection, 'POST /builds/:id/logs', { id: '', contentType: '', data: new Blob([]) }),
  ]
  expect(calls).toBeFunction()
})
