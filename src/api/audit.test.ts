/** The audit of a revision: who may ask for it, and what a registry's answer becomes. */
import { expect, test } from 'bun:test'
import { type Owner, type TestApi, json, openWithOwner, upload } from './testing/test-api.ts'

const ADVISORY = {
  id: 1,
  url: 'https://advisories.example/GHSA-aaaa-bbbb-cccc',
  title: 'Command Injection',
  severity: 'high',
  vulnerable_versions: '<1.2.3',
}
const FILES = {
  'site/index.html': '<h1>Notes</h1>',
  'site/node_modules/a/package.json': JSON.stringify({ name: 'a', version: '1.2.2' }),
}

async function pushWithPackage(platform: TestApi, { token }: Owner): Promise<string> {
  const app = await json<{ id: string }>(
    platform.call('POST', '/api/v0/apps', { token, body: { name: 'notes' } }),
  )
  const { buildId } = await upload(platform, token, { appId: app.id, files: FILES })
  await (await platform.call('GET', `/api/v0/builds/${buildId}/logs?follow=true`, { token })).text()
  return buildId
}

test('the packages of a revision are looked up at the registry', async () => {
  using registry = serve(() => Response.json({ a: [ADVISORY] }))
  const { platform, owner } = await openWithOwner({ registries: { npm: registry.url, pypi: null } })
  await using _ = platform
  const id = await pushWithPackage(platform, owner)
  const { token } = owner
  expect(await json<object>(platform.call('GET', `/api/v0/builds/${id}/audit`, { token }))).toEqual({
    packages: [
      {
        registry: 'npm',
        name: 'a',
        version: '1.2.2',
        vulnerabilities: [
          {
            id: 'GHSA-aaaa-bbbb-cccc',
            severity: 'high',
            title: 'Command Injection',
            url: 'https://advisories.example/GHSA-aaaa-bbbb-cccc',
            fixed_in: ['1.2.3'],
          },
        ],
      },
    ],
    unasked: [],
  })
})

test('a registry without audits is named, and a stranger makes the server ask none', async () => {
  let requests = 0
  using registry = serve(() => {
    requests += 1
    return new Response(null, { status: 405 })
  })
  const { platform, owner } = await openWithOwner({ registries: { npm: registry.url, pypi: null } })
  await using _ = platform
  const path = `/api/v0/builds/${await pushWithPackage(platform, owner)}/audit`
  expect((await platform.call('GET', path)).status).toBe(401)
  expect(requests).toBe(0)
  expect(await json<object>(platform.call('GET', path, { token: owner.token }))).toEqual({
    packages: [],
    unasked: [{ registry: 'npm', reason: 'it does not offer audits (405)' }],
  })
  expect(requests).toBe(1)
})

test('a build without a revision has no packages to audit', async () => {
  const { platform, owner } = await openWithOwner()
  await using _ = platform
  const { token } = owner
  const { id: appId } = await json<{ id: string }>(
    platform.call('POST', '/api/v0/apps', { token, body: { name: 'notes' } }),
  )
  const body = { app_id: appId }
  const { id } = await json<{ id: string }>(platform.call('POST', '/api/v0/builds', { token, body }))
  expect((await platform.call('GET', `/api/v0/builds/${id}/audit`, { token })).status).toBe(404)
})

function serve(answer: () => Response): Disposable & { readonly url: URL } {
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: answer })
  return { url: new URL(server.url), [Symbol.dispose]: () => void server.stop(true) }
}
