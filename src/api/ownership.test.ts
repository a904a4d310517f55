/** Each row of the contract, called by people who do not own the resource that it names. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import {
  CALLS,
  type CallSpec,
  kindOf,
  nameOf,
  type LimitedScope,
  type ResourceKind,
  RESOURCES,
  scopesOf,
} from '../contract/index.ts'
import { createUser } from '../people/users.ts'
import { pushApp } from './testing/push-app.ts'
import {
  type CallOptions,
  FROM,
  type Owner,
  type TestApi,
  cookieOf,
  json,
  openTestApi,
  setUp,
} from './testing/test-api.ts'

interface World extends AsyncDisposable {
  readonly platform: TestApi
  readonly owner: Owner
  /** Access tokens of the owner, each limited to a scope. */
  readonly limited: Readonly<Record<LimitedScope, string>>
  readonly member: Owner
  /** What the owner has, as a call names it. */
  readonly owned: Readonly<Record<ResourceKind, Readonly<Record<string, string>>>>
}

/** Rows whose path names something that belongs to no person. Adding one here needs a reason. */
const WITHOUT_OWNER = ['POST /api/v0/cli-logins/:id/approve', 'POST /api/v0/cli-logins/:id/deny']

interface Actor {
  readonly name: string
  readonly status: number
  readonly as: (world: World) => CallOptions
}

/** Callers that must be refused, and how. */
const ACTORS: readonly Actor[] = [
  { name: 'a stranger', status: 401, as: () => ({ from: FROM.program }) },
  {
    name: 'another member of this server, signed in',
    status: 404,
    as: ({ member }) => ({ from: FROM.home, cookie: member.cookie }),
  },
  {
    name: 'another member of this server, by access token',
    status: 404,
    as: ({ member }) => ({ token: member.token }),
  },
]

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const userCalls = CALLS.filter(({ auth }) => auth === 'user')
const named = (calls: readonly CallSpec[]) => calls.map((spec) => [nameOf(spec), spec] as const)
const naming = named(userCalls.filter(({ resource }) => kindOf(resource) !== null))
const namingNothing = named(userCalls.filter(({ resource }) => kindOf(resource) === null))

describe('the contract', () => {
  test('names an owner in every row of a person whose path names a thing', () => {
    const rows = namingNothing.filter(([, { path }]) => path.includes(':')).map(([name]) => name)
    expect(rows).toEqual(WITHOUT_OWNER)
  })

  test('names an owner in no row that answers strangers', () => {
    const rows = CALLS.filter(({ auth, resource }) => auth !== 'user' && kindOf(resource) !== null)
    expect(rows.map(nameOf)).toEqual([])
  })

  test('gives a reason where it names no owner', () => {
    const reasons = CALLS.flatMap(({ resource }) =>
      typeof resource === 'object' && 'none' in resource ? [resource.none] : [],
    )
    expect(reasons.filter((reason) => reason.length < 20)).toEqual([])
  })
})

describe.each(naming)('%s', (_, spec) => {
  test.each(ACTORS.map((actor) => [actor.name, actor] as const))('refuses %s', async (_, actor) => {
    const { platform, owned } = world
    platform.published.length = 0
    const before = await snapshot(world)
    const answer = await ask(world, spec, owned[kindOf(spec.resource)!], actor.as(world))
    expect(answer.status).toBe(actor.status)
    expect(leakedBy(answer.text, world)).toEqual([])
    expect(platform.published).toEqual([])
    expect(await snapshot(world)).toEqual(before)
  })

  test('answers another member as if it had never been', async () => {
    const kind = kindOf(spec.resource)!
    const madeUp = Object.fromEntries(RESOURCES[kind].ids.map((id) => [id, MADE_UP[id] ?? 'made-up']))
    const as = { token: world.member.token }
    const existing = await ask(world, spec, world.owned[kind], as)
    expect(existing).toEqual(await ask(world, spec, madeUp, as))
  })
})

const MADE_UP: Readonly<Record<string, string>> = { url: 'http://made-up-k2j3d4.space.localhost:7070/' }

const SCOPES = ['push', 'read'] as const satisfies readonly LimitedScope[]

describe.each(SCOPES)('a token of the owner that is limited to %s', (scope) => {
  const outside = named(userCalls.filter((spec) => !scopesOf(spec).includes(scope)))

  test.each(outside)('cannot call %s', async (_, spec) => {
    const { platform, owned, limited } = world
    platform.published.length = 0
    const before = await snapshot(world)
    const kind = kindOf(spec.resource)
    const answer = await ask(world, spec, kind ? owned[kind] : {}, { token: limited[scope] })
    expect(answer.status).toBe(403)
    expect(platform.published).toEqual([])
    expect(await snapshot(world)).toEqual(before)
  })

  test('has such calls', () => {
    expect(outside.length).toBeGreaterThan(15)
  })
})

describe.each(namingNothing)('%s', (_, spec) => {
  test('shows another member no data of the owner', async () => {
    // One of its own: some of these calls end the sessions of their caller.
    const member = await join(world.platform, `eve-${crypto.randomUUID().slice(0, 8)}`)
    const answer = await ask(world, spec, {}, { token: member.token })
    expect(answer.status).toBeLessThan(500)
    expect(leakedBy(answer.text, world)).toEqual([])
  })
})

test('the owner gets another answer to each of these calls', async () => {
  await using own = await openWorld()
  // What is below an instance first: deleting the instance would take it away.
  const last = ({ method, path }: CallSpec) => (method === 'DELETE' ? 100 - path.length : 0)
  for (const [name, spec] of naming.toSorted(([, a], [, b]) => last(a) - last(b))) {
    const ids = own.owned[kindOf(spec.resource)!]
    const refused = await ask(own, spec, ids, { token: own.member.token })
    const answered = await ask(own, spec, ids, { token: own.owner.token })
    expect([name, answered]).not.toEqual([name, refused])
    expect([name, answered.status]).not.toEqual([name, 401])
  }
})

/** Unlike the example of the contract, so that only the owner's answers have it. */
const PROJECT_KEY = 'key-of-the-owner'

/** A server with an owner who has one of everything, and a member who has nothing. */
async function openWorld(): Promise<World> {
  const platform = await openTestApi()
  const owner = await setUp(platform)
  const pushed = await pushApp(platform, owner, 'notes')
  const get = <T>(path: string) => json<T>(platform.call('GET', `/api/v0${path}`, { token: owner.token }))
  const post = <T>(path: string, body: object) =>
    json<T>(platform.call('POST', `/api/v0${path}`, { cookie: owner.cookie, from: FROM.home, body }))
  const { instanceId: id, appId } = pushed
  const { promotions } = await get<{ promotions: { id: string; revision_id: string }[] }>('/promotions')
  const { installations } = await get<{ installations: { id: string }[] }>('/installations')
  const { sessions } = await get<{ sessions: { id: string }[] }>('/sessions')
  const key = await post<{ id: string }>(`/instances/${id}/api_keys`, { name: 'backup' })
  const { collection_id: collectionId } = await get<{ collection_id: string }>(`/instances/${id}`)
  const dataKey = await post<{ id: string }>(`/collections/${collectionId}/keys`, { name: 'backup' })
  await post(`/apps/${appId}/keys`, { name: PROJECT_KEY })
  const domain = await post<{ id: string }>(`/instances/${id}/domains`, { name: 'notes.example.org' })
  const accessToken = await post<{ id: string }>('/access-tokens', { name: 'laptop' })
  const limitedTo = async (scope: LimitedScope) =>
    (await post<{ value: string }>('/access-tokens', { name: scope, scope })).value
  platform.refusals.set('refusal-1', {
    id: 'refusal-1',
    atMs: platform.clock.nowMs,
    instanceId: id,
    method: 'GET',
    origin: pushed.url,
    path: '/admin',
    reason: 'no-credential',
    credential: 'none',
  })
  const member = await join(platform, 'eve')
  return {
    platform,
    owner,
    limited: { push: await limitedTo('push'), read: await limitedTo('read') },
    member,
    owned: {
      app: { id: appId },
      build: { id: promotions[0]!.revision_id },
      release: { id: promotions[0]!.id },
      installation: { id: installations[0]!.id },
      instance: { id },
      key: { id, key: key.id },
      collection: { id: collectionId },
      'data-key': { id: collectionId, key: dataKey.id },
      'project-key': { id: appId, name: PROJECT_KEY },
      domain: { id, domain: domain.id },
      session: { id: sessions[0]!.id },
      'access-token': { id: accessToken.id },
      refusal: { id: 'refusal-1' },
      address: { url: `${pushed.url}/admin` },
    },
    [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose](),
  }
}

async function join(platform: TestApi, username: string): Promise<Owner> {
  const person = { username, password: 'another long password' }
  await createUser(platform.db, person, platform.clock.nowMs)
  const cookie = cookieOf(await platform.call('POST', '/api/v0/session', { body: person }))
  const { value } = await json<{ value: string }>(
    platform.call('POST', '/api/v0/access-tokens', { cookie, from: FROM.home, body: { name: 'script' } }),
  )
  return { cookie, token: value }
}

/** Makes the call of a row, with the example of its contract, for the thing with these ids. */
async function ask(
  { platform, owned }: World,
  spec: CallSpec,
  ids: Readonly<Record<string, string>>,
  options: CallOptions,
): Promise<{ status: number; text: string }> {
  const { resource, example = {} } = spec
  const place = typeof resource === 'object' && 'in' in resource ? resource : null
  const field = place && { [place.field]: ids[RESOURCES[place.kind].ids[0]]! }
  const path = spec.path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? 'x')
  const query = {
    ...(spec.query && !place && filtersOf(spec, owned)),
    ...example.query,
    ...(place?.in === 'query' && field),
  }
  const search = new URLSearchParams(query as Record<string, string>).toString()
  const body = spec.body?.kind === 'json' ? { ...example.body, ...(place?.in === 'body' && field) } : 'v: 0'
  const response = await platform.call(spec.method, search ? `${path}?${search}` : path, {
    ...options,
    ...(spec.body && { body }),
  })
  return { status: response.status, text: await response.text() }
}

/** Calls a list with every filter that could find the owner's resources. */
function filtersOf({ query }: CallSpec, owned: World['owned']): Record<string, string> {
  const filters: Record<string, string> = {
    app_id: owned.app['id']!,
    revision_id: owned.build['id']!,
    release_id: owned.release['id']!,
    instance_id: owned.instance['id']!,
  }
  const known = Object.keys((query as unknown as { shape: object }).shape)
  return Object.fromEntries(Object.entries(filters).filter(([name]) => known.includes(name)))
}

/** Ids of the owner's things that a text contains. */
const leakedBy = (text: string, { owned }: World): string[] =>
  Object.values(owned).flatMap((ids) => Object.values(ids).filter((id) => text.includes(id)))

const TABLES = [
  'apps',
  'builds',
  'releases',
  'installations',
  'instances',
  'env_values',
  'api_keys',
  'domains',
  'access_overrides',
  'home_sessions',
  'collections',
  'data_keys',
  'collection_erasures',
] as const

/** The rows that these calls could change. */
async function snapshot({ platform: { db } }: World): Promise<string> {
  const rows = await Promise.all(TABLES.map((table) => db.selectFrom(table).selectAll().execute()))
  // Without the time of their last use, which the member's own calls change.
  const tokens = await db.selectFrom('access_tokens').select('id').orderBy('id').execute()
  return JSON.stringify([...rows, tokens])
}
