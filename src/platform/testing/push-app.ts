import { type Owner, type TestPlatform, json, upload } from './test-platform.ts'

export interface Pushed {
  readonly appId: string
  readonly instanceId: string
  readonly url: string
  /** With its port. */
  readonly host: string
}

/** Makes a project and pushes a static app, as the official client does. */
export async function pushApp(platform: TestPlatform, { token }: Owner, name: string): Promise<Pushed> {
  const get = <T>(path: string) => json<T>(platform.call('GET', `/api/v0${path}`, { token }))
  const follow = async (path: string) =>
    (await platform.call('GET', `/api/v0${path}/logs?follow=true`, { token })).text()
  const app = await json<{ id: string }>(platform.call('POST', '/api/v0/apps', { token, body: { name } }))
  const { buildId } = await upload(platform, token, { appId: app.id })
  await follow(`/builds/${buildId}`)
  const { promotions } = await get<{ promotions: { id: string }[] }>(`/promotions?revision_id=${buildId}`)
  const [{ id: release }] = promotions as [{ id: string }]
  await follow(`/promotions/${release}`)
  const { installations } = await get<{ installations: { id: string }[] }>(
    `/installations?release_id=${release}`,
  )
  await follow(`/installations/${installations[0]!.id}`)
  const { instances } = await get<{ instances: { id: string; url: string }[] }>(`/instances?app_id=${app.id}`)
  const [{ id: instanceId, url }] = instances as [{ id: string; url: string }]
  return { appId: app.id, instanceId, url, host: new URL(url).host }
}
