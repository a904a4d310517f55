import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { BuildExposure } from '../exposure/index.ts'
import { type Pushed, openWithApp } from './testing/push-app.ts'
import { type Owner, SPACEFILE, type TestApi, json, upload } from './testing/test-api.ts'

let platform: TestApi
let owner: Owner
let app: Pushed
beforeEach(async () => void ({ platform, owner, app } = await openWithApp()))
afterEach(() => platform[Symbol.asyncDispose]())

const call = <T>(method: string, path: string, body?: object | string) =>
  json<T>(platform.call(method, `/api/v0${path}`, { token: owner.token, body }))

const withRoutes = (...routes: string[]) => `${SPACEFILE}    public_routes: ${JSON.stringify(routes)}\n`

/** Sends only the Spacefile of a push. */
async function announce(spacefile: string) {
  const { id } = await call<{ id: string }>('POST', '/builds', { app_id: app.appId })
  const { exposure } = await call<{ exposure: BuildExposure }>('POST', `/builds/${id}/manifest`, spacefile)
  return { id, exposure }
}

async function push(spacefile: string, options: { logExposure?: boolean } = {}): Promise<string> {
  const { buildId } = await upload(platform, owner.token, { appId: app.appId, spacefile, ...options })
  const follow = async (path: string) =>
    (await platform.call('GET', `/api/v0${path}/logs?follow=true`, { token: owner.token })).text()
  const log = await follow(`/builds/${buildId}`)
  const { promotions } = await call<{ promotions: [{ id: string }] }>(
    'GET',
    `/promotions?revision_id=${buildId}`,
  )
  await follow(`/promotions/${promotions[0].id}`)
  const { installations } = await call<{ installations: [{ id: string }] }>(
    'GET',
    `/installations?release_id=${promotions[0].id}`,
  )
  await follow(`/installations/${installations[0].id}`)
  return log
}

describe('the answer to a Spacefile', () => {
  const nextApp = (...routes: string[]) =>
    withRoutes(...routes).replace('engine: static\n    serve: .', 'engine: next')

  test('warns that one public page of Next opens every server action', async () => {
    const { exposure } = await announce(nextApp('/_next/static/*', '/blog/*', '/about'))
    expect(exposure.warnings).toEqual([
      {
        micro: 'web',
        pattern: '/blog/*',
        message: expect.stringContaining('every server action'),
        hint: expect.stringContaining('X-Space-Principal'),
      },
    ])
  })

  test.each([
    ['files and route handlers of Next', nextApp('/_next/static/*', '/api/hook', '/favicon.ico', '/*.png')],
    ['a private app of Next', nextApp().replace('    public_routes: []\n', '')],
    ['pages of another engine', withRoutes('/blog/*')],
  ])('does not warn so of %s', async (_, spacefile) => {
    expect((await announce(spacefile)).exposure.warnings).toEqual([])
  })

  test('names what becomes public, with where it is and examples', async () => {
    const { exposure } = await announce(withRoutes('/docs/*'))
    expect(exposure).toEqual({
      opens: [
        {
          micro: 'web',
          mount: '/',
          pattern: '/docs/*',
          outside: '/docs/*',
          from: 'web',
          examples: ['/docs/example', '/docs/', '/docs/any/depth'],
        },
      ],
      closes: [],
      keeps: [],
      warnings: [],
    })
  })

  test('compares with what serves now, not with what was announced', async () => {
    await announce(withRoutes('/a'))
    await push(withRoutes('/b'))
    const { exposure } = await announce(withRoutes('/a', '/b'))
    const outside = (routes: BuildExposure['opens']) => routes.map((route) => route.outside)
    expect([outside(exposure.opens), outside(exposure.keeps)]).toEqual([['/a'], ['/b']])
  })

  test('warns of what its author did probably not mean', async () => {
    const { exposure } = await announce(withRoutes('/*'))
    expect(exposure.warnings).toMatchObject([{ micro: 'web', pattern: '/*', hint: expect.any(String) }])
  })

  test('stays with the build', async () => {
    const { id, exposure } = await announce(withRoutes('/ping'))
    expect(await call<object>('GET', `/builds/${id}`)).toMatchObject({ exposure })
  })
})

test('the log of a build says what becomes public and what does not stay so', async () => {
  expect(await push(withRoutes('/a', '/docs/*'))).toContain(
    'Becomes public: /a (micro web)\nBecomes public: /docs/* (micro web), such as /docs/example, /docs/, /docs/any/depth\n',
  )
  expect(await push(withRoutes('/a'))).toContain('No longer public: /docs/* (micro web)')
  expect(await push(withRoutes('/a'))).not.toMatch(/public/)
})

test('the log of a build leaves the exposure out for a client that shows it itself', async () => {
  const log = await push(withRoutes('/shown'), { logExposure: false })
  expect(log).not.toContain('/shown')
})
