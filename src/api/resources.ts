import {
  type AccessToken,
  type HomeSessionInfo,
  listAccessTokens,
  listHomeSessions,
} from '../sessions/index.ts'
import {
  type App,
  type Build,
  type Installation,
  type Release,
  requireApp,
  requireBuild,
  requireInstallation,
  requireRelease,
} from '../projects/index.ts'
import { type Instance, findByHost, getInstance, requireInstance } from '../instances/index.ts'
import {
  type Collection,
  type DataKey,
  findAppCollection,
  listDataKeys,
  requireCollection,
  requireDataKey,
} from '../collections/index.ts'
import { type ApiKey, requireApiKey } from '../keys/index.ts'
import { type Domain, requireDomain } from '../domains/index.ts'
import type { Refusal } from '../directory/index.ts'
import { type CallResource, type CallSpec, type ResourceKind, RESOURCES } from '../contract/index.ts'
import { forbidden, notFound } from '../kernel/http-error.ts'
import type { InstanceId } from '../kernel/ids.ts'
import type { ApiContext } from './api-context.ts'
import type { Caller } from './caller.ts'
import { type Address, readAddress } from './address.ts'

/** What a handler receives for each kind of resource: the resource, and the instance that it belongs to. */
interface Resources {
  readonly app: { readonly app: App }
  readonly build: { readonly build: Build }
  readonly release: { readonly release: Release }
  readonly installation: { readonly installation: Installation }
  readonly instance: { readonly instance: Instance }
  readonly collection: { readonly collection: Collection }
  readonly 'data-key': { readonly dataKey: DataKey }
  readonly 'project-key': { readonly dataKey: DataKey }
  readonly key: { readonly instance: Instance; readonly key: ApiKey }
  readonly domain: { readonly instance: Instance; readonly domain: Domain }
  readonly session: { readonly session: HomeSessionInfo }
  readonly 'access-token': { readonly accessToken: AccessToken }
  readonly refusal: { readonly instance: Instance; readonly refusal: Refusal }
  readonly address: { readonly instance: Instance; readonly address: Address }
}

type KindIn<Resource extends CallResource> = Resource extends ResourceKind
  ? Resource
  : Resource extends { readonly kind: infer Kind extends ResourceKind }
    ? Kind
    : never

/** What `findResource` returns for a row with this resource. */
export type Found<Resource extends CallResource> = [KindIn<Resource>] extends [never]
  ? unknown
  : Resources[KindIn<Resource>]

type LookUp<Kind extends ResourceKind> = (
  context: ApiContext,
  caller: Caller,
  ids: Readonly<Record<(typeof RESOURCES)[Kind]['ids'][number], string>>,
) => Promise<Resources[Kind]>

/** Each finds a resource of this person, and throws 404 for all others: the answer must not reveal that they exist. */
const LOOK_UPS: { readonly [Kind in ResourceKind]: LookUp<Kind> } = {
  app: async ({ db }, { user }, { id }) => ({ app: await requireApp(db, user.id, id) }),
  build: async ({ db }, { user }, { id }) => ({ build: await requireBuild(db, user.id, id) }),
  release: async ({ db }, { user }, { id }) => ({ release: await requireRelease(db, user.id, id) }),
  installation: async ({ db }, { user }, { id }) => ({
    installation: await requireInstallation(db, user.id, id),
  }),
  instance: async ({ db }, { user }, { id }) => ({ instance: await requireInstance(db, user.id, id) }),
  collection: async ({ db }, { user }, { id }) => ({ collection: await requireCollection(db, user.id, id) }),
  'data-key': async ({ db }, { user }, { id, key }) => {
    const collection = await requireCollection(db, user.id, id)
    return { dataKey: await requireDataKey(db, collection.id, key) }
  },
  'project-key': async ({ db }, { user }, { id, name }) => {
    const app = await requireApp(db, user.id, id)
    const collectionId = await findAppCollection(db, app.id)
    const keys = collectionId ? await listDataKeys(db, collectionId) : []
    const dataKey = keys.find((key) => key.kind === 'project' && key.name === name)
    if (!dataKey) throw notFound('The project has no such key')
    return { dataKey }
  },
  key: async ({ db }, { user }, { id, key }) => {
    const instance = await requireInstance(db, user.id, id)
    return { instance, key: await requireApiKey(db, instance.id, key) }
  },
  domain: async ({ db }, { user }, { id, domain }) => {
    const instance = await requireInstance(db, user.id, id)
    return { instance, domain: await requireDomain(db, instance.id, domain) }
  },
  session: async ({ db, now }, { user }, { id }) => {
    const session = (await listHomeSessions(db, user.id, now())).find((one) => one.id === id)
    if (!session) throw notFound('There is no such session')
    return { session }
  },
  'access-token': async ({ db, now }, caller, { id }) => {
    // Every token may end itself; a limited token may end no other.
    if (caller.kind === 'token' && caller.scope !== 'all' && caller.tokenId !== id)
      throw forbidden('This access token may only delete itself')
    const accessToken = (await listAccessTokens(db, caller.user.id, now())).find((one) => one.id === id)
    if (!accessToken) throw notFound('There is no such access token')
    return { accessToken }
  },
  refusal: async ({ db, directory }, { user }, { id }) => {
    const refusal = await directory.findRefusal(id)
    const instance = refusal && (await getInstance(db, refusal.instanceId as InstanceId))
    if (!refusal || instance?.ownerId !== user.id)
      throw notFound('There is no such refusal, or it is too old: gateways keep the last few thousand')
    return { instance, refusal }
  },
  address: async (context, { user }, { url }) => {
    const address = readAddress(url)
    const appHost = await findByHost(context, user.id, address.origin.replace(/^https?:\/\//i, ''))
    if (!appHost) throw notFound('You have no app at this address')
    return { instance: appHost.instance, address }
  },
}

interface Input {
  readonly params: Readonly<Record<string, string>>
  readonly query: unknown
  readonly body: unknown
}

/** The resource that the call names; throws 404 unless it is the caller's. Empty for a call that names no resource. */
export async function findResource(
  context: ApiContext,
  { resource }: CallSpec,
  caller: Caller | null,
  input: Input,
): Promise<object> {
  if (typeof resource === 'object' && 'none' in resource) return {}
  if (caller === null) throw notFound('There is nothing here')
  const kind = typeof resource === 'string' ? resource : resource.kind
  const lookUp = LOOK_UPS[kind] as LookUp<ResourceKind>
  return lookUp(context, caller, idsOf(resource, kind, input) as Parameters<typeof lookUp>[2])
}

function idsOf(
  resource: Exclude<CallResource, { none: string }>,
  kind: ResourceKind,
  input: Input,
): Readonly<Record<string, string>> {
  if (typeof resource === 'string') return input.params
  const fields = input[resource.in] as Readonly<Record<string, string>>
  return { [RESOURCES[kind].ids[0]]: fields[resource.field]! }
}
