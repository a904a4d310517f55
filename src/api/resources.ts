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
import { type ApiKey, requireApiKey } from '../keys/index.ts'
import { type Domain, requireDomain } from '../domains/index.ts'
import type { Refusal } from '../directory/index.ts'
import { type CallResource, type CallSpec, type ResourceKind, RESOURCES } from '../contract/index.ts'
import { notFound } from '../kernel/http-error.ts'
import type { InstanceId, UserId } from '../kernel/ids.ts'
import type { ApiContext } from './api-context.ts'
import { type Address, readAddress } from './address.ts'

/** What a handler gets for a call that names a resource: the thing itself, and the instance that it belongs to. */
interface Resources {
  readonly app: { readonly app: App }
  readonly build: { readonly build: Build }
  readonly release: { readonly release: Release }
  readonly installation: { readonly installation: Installation }
  readonly instance: { readonly instance: Instance }
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

/** What is looked up for a row with this resource. */
export type Found<Resource extends CallResource> = [KindIn<Resource>] extends [never]
  ? unknown
  : Resources[KindIn<Resource>]

type LookUp<Kind extends ResourceKind> = (
  context: ApiContext,
  userId: UserId,
  ids: Readonly<Record<(typeof RESOURCES)[Kind]['ids'][number], string>>,
) => Promise<Resources[Kind]>

/** Each finds what belongs to this person, and throws 404 for everything else: nothing tells whether it exists. */
const LOOK_UPS: { readonly [Kind in ResourceKind]: LookUp<Kind> } = {
  app: async ({ db }, userId, { id }) => ({ app: await requireApp(db, userId, id) }),
  build: async ({ db }, userId, { id }) => ({ build: await requireBuild(db, userId, id) }),
  release: async ({ db }, userId, { id }) => ({ release: await requireRelease(db, userId, id) }),
  installation: async ({ db }, userId, { id }) => ({
    installation: await requireInstallation(db, userId, id),
  }),
  instance: async ({ db }, userId, { id }) => ({ instance: await requireInstance(db, userId, id) }),
  key: async ({ db }, userId, { id, key }) => {
    const instance = await requireInstance(db, userId, id)
    return { instance, key: await requireApiKey(db, instance.id, key) }
  },
  domain: async ({ db }, userId, { id, domain }) => {
    const instance = await requireInstance(db, userId, id)
    return { instance, domain: await requireDomain(db, instance.id, domain) }
  },
  session: async ({ db, now }, userId, { id }) => {
    const session = (await listHomeSessions(db, userId, now())).find((one) => one.id === id)
    if (!session) throw notFound('There is no such session')
    return { session }
  },
  'access-token': async ({ db, now }, userId, { id }) => {
    const accessToken = (await listAccessTokens(db, userId, now())).find((one) => one.id === id)
    if (!accessToken) throw notFound('There is no such access token')
    return { accessToken }
  },
  refusal: async ({ db, directory }, userId, { id }) => {
    const refusal = await directory.findRefusal(id)
    const instance = refusal && (await getInstance(db, refusal.instanceId as InstanceId))
    if (!refusal || instance?.ownerId !== userId) throw notFound('No gateway remembers such a refusal')
    return { instance, refusal }
  },
  address: async (context, userId, { url }) => {
    const address = readAddress(url)
    const place = await findByHost(context, userId, address.origin.replace(/^https?:\/\//i, ''))
    if (!place) throw notFound('You have no app at this address')
    return { instance: place.instance, address }
  },
}

interface Input {
  readonly params: Readonly<Record<string, string>>
  readonly query: unknown
  readonly body: unknown
}

/** What the call names, as a handler gets it; throws 404 unless it is the caller's. Nothing for a call that names nothing. */
export async function findResource(
  context: ApiContext,
  { resource }: CallSpec,
  userId: UserId | null,
  input: Input,
): Promise<object> {
  if (typeof resource === 'object' && 'none' in resource) return {}
  if (userId === null) throw notFound('There is nothing here')
  const kind = typeof resource === 'string' ? resource : resource.kind
  const lookUp = LOOK_UPS[kind] as LookUp<ResourceKind>
  return lookUp(context, userId, idsOf(resource, kind, input) as Parameters<typeof lookUp>[2])
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
