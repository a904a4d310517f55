import { type Owner, type OwnedApi, type TestApi, json, openWithOwner, upload } from './test-api.ts'

export interface Pushed {
  readonly appId: string
  readonly instanceId: string
  readonly url: string
  /** With its port. */
  readonly host: string
}

/** The API of a server whose owner has an app, `notes`. */
export async function openWithApp(spacefile?: string): Promise<OwnedApi & { readonly app: Pushed }> {
  const opened = await openWithOwner()
  return { ...opened, app: await pushApp(opened.platform, opened.owner, 'notes', spacefile) }
}

/** Makes a project and pushes a static app, as the official client does. */
export async function pushApp(
  platform: TestApi,
  owner: Owner,
  name: string,
  spacefile?: string,
): Promise<Pushed> {
  const { token } = owner
  const app = await json<{ id: string }>(platform.call('POST', '/api/v0/apps', { token, body: { name } }))
  return pushAgain(platform, owner, app.id, spacefile)
}

/** Pushes a static app to an existing project. */
export async function pushAgain(
  platform: TestApi,
  { token }: Owner,
  appId: string,
  spacefile?: string,
): Promise<Pushed> {
  const get = <T>(path: string) => json<T>(platform.call('GET', `/api/v0${path}`, { token }))
  const follow = async (path: string) =>
    (await platform.call('GET', `/api/v0${path}/logs?follow=true`, { token })).text()
  const { buildId } = await upload(platform, token, { appId, spacefile })
  await follow(`/builds/${buildId}`)
  const { promotions } = await get<{ promotions: { id: string }[] }>(`/promotions?revision_id=${buildId}`)
  const [{ id: release }] = promotions as [{ id: string }]
  await follow(`/promotions/${release}`)
  const { installations } = await get<{ installations: { id: string }[] }>(
    `/installations?release_id=${release}`,
  )
  await follow(`/installations/${installations[0]!.id}`)
  const { instances } = await get<{ instances: { id: string; url: string }[] }>(`/instances?app_id=${appId}`)
  const [{ id: instanceId, url }] = instances as [{ id: string; url: string }]
  return { appId, instanceId, url, host: new URL(url).host }
}
