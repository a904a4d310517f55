import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { readCredentials } from './credentials.ts'
import {
  type FakePlatform,
  FAKE_TOKEN,
  startFakePlatform,
  FAKE_NEW_SERVER,
  FAKE_CLI_LOGIN,
  FAKE_APP_LISTING,
} from './testing/fake-platform.ts'
import { asUserOf } from './testing/run-space.ts'
import { createTempFolder } from './testing/temp-folder.ts'
import { openTerminal } from './testing/terminal.ts'

const CTRL_C = '\x03'
const ENTER = '\r'

function offerLogin(peer: FakePlatform, isApproved: () => boolean): void {
  peer.on('POST /v0/cli-logins', () => ({ status: 201, json: FAKE_CLI_LOGIN, FAKE_APP_LISTING }))
  peer.on('POST /v0/cli-logins/cli_1/poll', () => ({
    json: isApproved() ? { status: 'approved', access_token: FAKE_TOKEN } : { status: 'pending' },
  }))
}

test('a log-in completes once it is approved in the browser', async () => {
  await using peer = await startFakePlatform()
  let isApproved = false
  offerLogin(peer, () => isApproved)
  using home = createTempFolder()
  await using terminal = openTerminal(['login', '--server', peer.origin], { cwd: home.path })
  await terminal.shows('BCDF-GHJK')
  await terminal.shows('paste an access token')
  isApproved = true
  await terminal.shows(`Logged in to ${peer.origin}`)
  expect(await terminal.exited).toBe(0)
})

test('a token can be pasted while the browser is waited for, and is not shown', async () => {
  await using peer = await startFakePlatform()
  offerLogin(peer, () => false)
  using home = createTempFolder()
  await using terminal = openTerminal(['login', '--server', peer.origin], { cwd: home.path })
  await terminal.shows('paste an access token')
  terminal.type(FAKE_TOKEN)
  terminal.type(ENTER)
  await terminal.shows('Logged in')
  expect(await terminal.exited).toBe(0)
  expect(terminal.screen()).not.toContain(FAKE_TOKEN)
  expect(readCredentials({ HOME: home.path }).servers[peer.origin]).toEqual({
    access_token: FAKE_TOKEN,
    is_own: false,
  })
})

test('--with-token at a terminal asks, and does not echo the token', async () => {
  await using peer = await startFakePlatform()
  using home = createTempFolder()
  await using terminal = openTerminal(['login', '--with-token', '--server', peer.origin], { cwd: home.path })
  await terminal.shows('Access token')
  terminal.type(FAKE_TOKEN)
  terminal.type(ENTER)
  await terminal.shows('Logged in')
  expect(terminal.screen()).not.toContain(FAKE_TOKEN)
})

test('Ctrl-C at a question ends with 130 and does nothing', async () => {
  await using peer = await startFakePlatform()
  using home = createTempFolder()
  await using terminal = openTerminal(['delete', 'SpaceAuth'], { cwd: home.path, env: asUserOf(peer) })
  await terminal.shows('keys and revisions?')
  terminal.type(CTRL_C)
  expect(await terminal.exited).toBe(130)
  expect(peer.calls()).not.toContain('DELETE /v0/instances/inst_1')
})

test('deleting asks, and Enter alone means no', async () => {
  await using peer = await startFakePlatform()
  using home = createTempFolder()
  await using terminal = openTerminal(['delete', 'SpaceAuth'], { cwd: home.path, env: asUserOf(peer) })
  await terminal.shows('keys and revisions?')
  terminal.type(ENTER)
  await terminal.shows('Nothing was deleted')
  expect(await terminal.exited).toBe(0)
  expect(peer.calls()).not.toContain('DELETE /v0/instances/inst_1')
})

test('deleting keeps the data of the app unless the second question is answered with no', async () => {
  await using peer = await startFakePlatform()
  peer.on('DELETE /v0/instances/inst_1', () => ({ json: { kept_collection: null } }))
  using home = createTempFolder()
  await using terminal = openTerminal(['delete', 'SpaceAuth'], { cwd: home.path, env: asUserOf(peer) })
  await terminal.shows('keys and revisions?')
  terminal.type('y')
  await terminal.shows('Keep the data')
  terminal.type(ENTER)
  expect(await terminal.exited).toBe(0)
  const deletion = peer.received.find(({ method }) => method === 'DELETE')
  expect(deletion?.target).toEndWith('?keep_data=true')
})

test('a set-up asks for everything, and for the password twice', async () => {
  await using peer = await startFakePlatform()
  peer.on('GET /v0/status', () => ({ json: FAKE_NEW_SERVER }))
  peer.on('POST /v0/setup', () => ({
    status: 201,
    json: { user: { id: 'usr_1', username: 'ada' }, access_token: FAKE_TOKEN },
  }))
  using home = createTempFolder()
  await using terminal = openTerminal(['setup', '--server', peer.origin], { cwd: home.path })
  for (const [question, answer] of [
    ['Set-up code', 'ABCD-1234'],
    ['Your username', 'ada'],
    ['Choose a password', 'correct horse'],
    ['Type it again', 'correct horse'],
  ] as const) {
    await terminal.shows(question)
    terminal.type(answer + ENTER)
  }
  expect(await terminal.exited).toBe(0)
  const sent = peer.received.find(({ target }) => target.endsWith('/setup'))
  expect(JSON.parse(String(sent!.body))).toMatchObject({
    code: 'ABCD-1234',
    username: 'ada',
    password: 'correct horse',
  })
})

test('space new offers the name of the folder and what it found', async () => {
  await using peer = await startFakePlatform()
  using home = createTempFolder({ 'notes/index.html': '<h1>Notes</h1>' })
  const cwd = join(home.path, 'notes')
  await using terminal = openTerminal(['new'], { cwd, env: asUserOf(peer) })
  await terminal.shows('Name of the app')
  terminal.type(ENTER)
  await terminal.shows('Write a Spacefile for this?')
  terminal.type(ENTER)
  expect(await terminal.exited).toBe(0)
  const created = peer.received.find(({ method, target }) => method === 'POST' && target === '/api/v0/apps')
  expect(JSON.parse(String(created!.body))).toEqual({ name: 'notes', alias: '' })
})

test('a folder of an app with a taken name is asked about', async () => {
  await using peer = await startFakePlatform()
  peer.on('GET /v0/apps', () => ({
    json: { apps: [{ ...FAKE_APP_LISTING, name: 'notes', alias: 'notes' }] },
  }))
  using home = createTempFolder({
    'notes/Spacefile': 'v: 0\nmicros: [{name: web, src: ., engine: static, serve: .}]\n',
  })
  const cwd = join(home.path, 'notes')
  await using terminal = openTerminal(['push'], { cwd, env: asUserOf(peer) })
  await terminal.shows('An app named notes exists already')
  terminal.type(ENTER)
  await terminal.shows('App is running')
  expect(await terminal.exited).toBe(0)
  expect(peer.calls()).not.toContain('POST /v0/apps')
})
