import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { callPath } from './call-path.ts'
import { HOME, type Owner, type TestApi, openTestApi, setUp, sign } from './testing/test-api.ts'

describe('a path', () => {
  test.each([
    ['/api/v0/time', '/api/v0/time'],
    ['/v0/time', '/api/v0/time'],
    ['//v0/time', '/api/v0/time'],
    ['/api//v0/time', '/api/v0/time'],
    ['//api/v0/time', '/api/v0/time'],
    ['/v0/time/', '/api/v0/time'],
    ['/v0', '/api/v0'],
    ['/v0/', '/api/v0'],
    ['/api', '/api'],
    ['/auth/handoff', '/auth/handoff'],
    ['/api/v0/a//b', '/api/v0/a//b'],
  ])('%s is the call %s', (path, call) => {
    expect(callPath(path)).toBe(call)
  })

  test.each(['/', '/v0x', '/v1/time', '/x/v0/time', '/apis/v0/time', '/%76%30/time', '//auth/handoff'])(
    '%s is no call',
    (path) => {
      expect(callPath(path)).toBeNull()
    },
  )
})

describe('each spelling of a call', () => {
  let platform: TestApi
  let owner: Owner
  beforeAll(async () => {
    platform = await openTestApi()
    owner = await setUp(platform)
  })
  afterAll(() => platform[Symbol.asyncDispose]())

  const SPELLINGS = ['/v0/apps', '//v0/apps', '/api//v0/apps', '/v0/apps/']

  test.each(SPELLINGS)('%s is answered when it is signed as it was sent', async (path) => {
    const answer = await platform.call('GET', path, { token: owner.token })
    expect(await answer.json()).toEqual({ apps: [] })
  })

  test.each(SPELLINGS)('%s needs the same credential', async (path) => {
    for (const method of ['GET', 'POST']) expect((await platform.call(method, path)).status).toBe(401)
  })

  test('a signature does not hold for another spelling', async () => {
    const signed = new Headers()
    const call = {
      method: 'GET',
      path: '/v0/apps',
      body: '',
      token: owner.token,
      nowMs: platform.clock.nowMs,
    }
    sign(signed, call)
    const fetch = (path: string) => platform.fetch(new Request(`${HOME}${path}`, { headers: signed }))
    expect((await fetch('/api/v0/apps')).status).toBe(401)
    expect((await fetch('/v0/apps')).status).toBe(200)
  })

  test('one that does not exist is answered as a call, not with a page', async () => {
    const answer = await platform.call('GET', '/v0/nothing')
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toContain('json')
  })

  test('does not exist on the host of an app', async () => {
    const origin = 'http://notes-abc234.space.localhost:7070'
    expect((await platform.call('GET', '/v0/time', { origin })).status).toBe(404)
  })
})
