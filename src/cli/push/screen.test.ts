import { expect, test } from 'bun:test'
import type { WriteStream } from 'node:tty'
import { createOutput } from '../output.ts'
import type { Instance } from '../../contract/index.ts'
import { FAKE_INSTANCE } from '../testing/fake-platform.ts'
import { pushScreen } from './screen.ts'

const out = createOutput(process.stdout as WriteStream, { NO_COLOR: '1' })
const screen = (changes: Partial<Instance>) =>
  pushScreen({ ...FAKE_INSTANCE, ...changes }, { command: 'space', out }).join('\n')
const route = (mount: string, pattern: string) => ({ micro: 'm', mount, pattern })

test('a private app', () => {
  expect(screen({})).toBe(`
  http://spaceauth-k2j3d4.space.localhost:7070

  Everything is private. Only you have access, after signing in.

  Next
    space open spaceauth-k2j3d4                            open it in your browser
    curl -i http://spaceauth-k2j3d4.space.localhost:7070/  answers 401: curl is not signed in`)
})

test('public routes are listed as they are from outside, and a key is offered where micros take keys', () => {
  expect(screen({ public_routes: [route('/', '/ping'), route('/api', '/public')], api_keys_enabled: true }))
    .toBe(`
  http://spaceauth-k2j3d4.space.localhost:7070

  Public:
    /ping
    /api/public
  Everything else is private: only you have access, after signing in.

  Next
    space open spaceauth-k2j3d4                             open it in your browser
    curl http://spaceauth-k2j3d4.space.localhost:7070/ping  answers without signing in
    space keys create spaceauth-k2j3d4 --name my-script     create a key for X-Space-App-Key`)
})

test('only an app whose every micro is open does not claim that the rest is private', () => {
  const [micro] = FAKE_INSTANCE.micros
  const web = { ...micro!, name: 'web', mount: '/' }
  const api = { ...micro!, name: 'api', mount: '/api' }
  const changes = { public_routes: [route('/', '/*')] }
  expect(screen({ ...changes, micros: [web] })).not.toContain('private')
  expect(screen({ ...changes, micros: [web, api] })).toContain('Everything else is private')
})
