/** ATTACKS D: an answer that goes on must not outlive the session or the token that asked for it. */
import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { startSpace } from '../support/command.ts'
import { startTestSpace, type TestSpace } from '../support/space.ts'
import { signInAtHome } from './support/attack-harness.ts'
import { sendSigned, signatureOf } from './support/signed.ts'

let space: TestSpace
let homeHost: string
let logs: string
beforeAll(async () => {
  // The log of the push is followed until the server stops.
  space = await startTestSpace({ args: ['--finish-within', '500ms'] })
  homeHost = `space.localhost:${space.server.port}`
  logs = `/builds/${await beginBuild()}/logs?follow=true`
})
afterAll(async () => await space?.[Symbol.asyncDispose]())

/** An answer that is cut is said in one line, without a stack. */
afterEach(() => expect(space.server.output()).not.toMatch(/^ +at |Error: /m))

/** A build that takes longer than any of these tests. */
async function beginBuild(): Promise<string> {
  const folder = join(space.folder, 'slow')
  const spacefile = [
    'v: 0',
    'micros:',
    '  - name: main',
    '    src: .',
    '    engine: static',
    '    serve: .',
    '    commands: [echo begun, sleep 600]',
  ]
  await Bun.write(join(folder, 'Spacefile'), `${spacefile.join('\n')}\n`)
  await Bun.write(join(folder, 'index.html'), 'slow')
  const push = startSpace(['push', '--yes'], { ...space.terminal, cwd: folder })
  push.ended.catch(() => {})
  await push.printed(/begun/)
  const cookie = await signInAtHome(space.server, homeHost)
  const { apps } = (await (await home(cookie, 'GET', '/apps')).json()) as { apps: { id: string }[] }
  const listed = await home(cookie, 'GET', `/builds?app_id=${apps[0]!.id}`)
  return ((await listed.json()) as { builds: { id: string }[] }).builds[0]!.id
}

/** A call by Home's own page. */
const home = (cookie: string, method: string, path: string, body?: object) =>
  space.server.request(homeHost, `/api/v0${path}`, {
    method,
    body: body === undefined ? null : JSON.stringify(body),
    headers: { Cookie: cookie, Origin: `http://${homeHost}`, 'Content-Type': 'application/json' },
  })

/** Reads until `begun` has come, ends the right to it, and gives how the answer ended. */
async function readUntilLost(answer: Response, takeAway: () => Promise<Response>): Promise<string> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  for (let text = ''; !text.includes('begun');) text += (await reader.read()).value ?? 'it has ended'
  expect((await takeAway()).status).toBe(204)
  try {
    while (!(await reader.read()).done);
    return 'ended as if it were whole'
  } catch {
    return 'broke off'
  }
}

test('signing out breaks off the log that was being followed', async () => {
  const cookie = await signInAtHome(space.server, homeHost)
  const answer = await home(cookie, 'GET', logs)
  expect(await readUntilLost(answer, () => home(cookie, 'DELETE', '/session'))).toBe('broke off')
})

test('deleting a token breaks off the log that it was following', async () => {
  const cookie = await signInAtHome(space.server, homeHost)
  const made = await home(cookie, 'POST', '/access-tokens', { name: 'lost laptop' })
  const { id, value } = (await made.json()) as { id: string; value: string }
  const answer = await sendSigned(space.server, signatureOf(value, 'GET', logs, ''), '')
  expect(await readUntilLost(answer, () => home(cookie, 'DELETE', `/access-tokens/${id}`))).toBe('broke off')
})
