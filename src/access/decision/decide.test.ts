import { describe, expect, test } from 'bun:test'
import { decide, identify, type CredentialLookup, type RequestFacts } from '../index.ts'
import { MAX_SESSION_TOKENS } from '../limits.ts'
import {
  CREDENTIALS,
  decideNotes,
  INSTANCE,
  NOTES_MICROS,
  NOW_MS,
  ORIGIN,
  PLAIN_GET,
  rulesFor,
  summaryOf,
} from '../testing/notes-app.ts'

/** Where a request may go. `api` takes keys, `web` does not. */
const PLACES = [
  { path: '/public/x', micro: 'web', isPublic: true, isPlain: true },
  { path: '/api/hook', micro: 'api', isPublic: true, isPlain: true },
  { path: '/admin', micro: 'web', isPublic: false, isPlain: true },
  { path: '/api/notes/1', micro: 'api', isPublic: false, isPlain: true },
  { path: '/api/other', micro: 'api', isPublic: false, isPlain: true },
  { path: '/public%2fx', micro: 'web', isPublic: false, isPlain: false },
  { path: '/api/notes%2f1', micro: 'api', isPublic: false, isPlain: false },
  { path: '/__space/v0/actions', micro: 'web', isPublic: false, isPlain: true },
] as const

/** What `X-Space-App-Key` may hold. `why` it is refused where keys are taken; null: it is good. */
const APP_KEYS: ReadonlyArray<{ tokens: string[]; why: string | null; isOurs: boolean }> = [
  { tokens: ['good'], why: null, isOurs: true },
  { tokens: ['lasting'], why: null, isOurs: true },
  { tokens: ['for-api'], why: null, isOurs: true },
  { tokens: ['for-web'], why: 'key-micro', isOurs: true },
  { tokens: ['for-POST'], why: 'POST', isOurs: true },
  { tokens: ['for-notes'], why: 'notes', isOurs: true },
  { tokens: ['expired'], why: 'key-expired', isOurs: false },
  { tokens: ['of-another-instance'], why: 'key-unknown', isOurs: false },
  { tokens: ['wrong'], why: 'key-unknown', isOurs: false },
  { tokens: ['Good'], why: 'key-unknown', isOurs: false },
  { tokens: [''], why: 'key-unknown', isOurs: false },
  { tokens: ['good, good'], why: 'key-unknown', isOurs: false },
  { tokens: ['good', 'good'], why: 'key-repeated', isOurs: false },
  { tokens: ['wrong', 'good'], why: 'key-repeated', isOurs: false },
]

const API_KEYS: ReadonlyArray<{ tokens: string[]; isGood: boolean }> = [
  { tokens: [], isGood: false },
  { tokens: ['internal'], isGood: true },
  { tokens: ['the-apps-own'], isGood: false },
  { tokens: [''], isGood: false },
  { tokens: ['internal', 'internal'], isGood: false },
]

/** Cookies of our name that a sibling app on plain http sets, one a path. */
const planted = (count: number) => Array.from({ length: count }, (_, i) => `planted ${i}`)

/** Session cookies. `why` they give nothing; null: they are the owner's. */
const SESSIONS: ReadonlyArray<{ tokens: string[]; why: string | null }> = [
  { tokens: [], why: 'no-credential' },
  { tokens: ['owner'], why: null },
  { tokens: ['owner', 'owner-too'], why: null },
  { tokens: ['junk', 'owner'], why: null },
  { tokens: ['owner', '', '%', 'expired'], why: null },
  { tokens: ['owner', 'of-another-instance'], why: null },
  { tokens: ['junk'], why: 'session-unknown' },
  { tokens: ['"owner"'], why: 'session-unknown' },
  { tokens: ['of-another-instance'], why: 'session-unknown' },
  { tokens: ['expired'], why: 'session-expired' },
  { tokens: ['expired', 'junk'], why: 'session-expired' },
  { tokens: ['stranger'], why: 'wrong-user' },
  { tokens: ['owner', 'stranger'], why: 'session-ambiguous' },
  { tokens: [...planted(MAX_SESSION_TOKENS - 1), 'owner'], why: null },
  { tokens: [...planted(MAX_SESSION_TOKENS - 2), 'stranger', 'owner'], why: 'session-ambiguous' },
  { tokens: [...planted(MAX_SESSION_TOKENS), 'owner'], why: 'session-ambiguous' },
]

const navigate = { secFetchMode: 'navigate', secFetchDest: 'document', accept: 'text/html,*/*' }
const fetched = { secFetchMode: 'cors', secFetchDest: 'empty', accept: '*/*' }
const SIBLING = 'https://evil-cd34.cloud.test'

/** Who caused the request. `isOwn`: a cookie may speak for it; `isPage`: a browser will show the answer. */
const CAUSES: ReadonlyArray<{ request: Partial<RequestFacts>; isOwn: boolean; isPage: boolean }> = [
  { request: {}, isOwn: true, isPage: false },
  { request: { accept: 'text/html' }, isOwn: true, isPage: true },
  { request: { method: 'HEAD' }, isOwn: true, isPage: false },
  { request: { method: 'POST' }, isOwn: false, isPage: false },
  { request: { method: 'POST', originHeader: ORIGIN }, isOwn: true, isPage: false },
  { request: { method: 'POST', originHeader: SIBLING }, isOwn: false, isPage: false },
  { request: { method: 'POST', originHeader: 'null' }, isOwn: false, isPage: false },
  { request: { originHeader: SIBLING }, isOwn: false, isPage: false },
  { request: { originHeader: `${ORIGIN}, ${ORIGIN}` }, isOwn: false, isPage: false },
  { request: { originHeader: 'http://notes-ab12.cloud.test' }, isOwn: false, isPage: false },
  { request: { originHeader: `${ORIGIN}:8443` }, isOwn: false, isPage: false },
  { request: { secFetchSite: 'none', ...navigate }, isOwn: true, isPage: true },
  { request: { secFetchSite: 'same-origin', ...navigate }, isOwn: true, isPage: true },
  { request: { secFetchSite: 'same-origin', ...fetched }, isOwn: true, isPage: false },
  {
    request: { secFetchSite: 'same-origin', ...fetched, method: 'DELETE', originHeader: ORIGIN },
    isOwn: true,
    isPage: false,
  },
  {
    request: { secFetchSite: 'same-origin', ...navigate, method: 'POST', originHeader: 'null' },
    isOwn: true,
    isPage: true,
  },
  {
    request: { secFetchSite: 'same-origin', ...fetched, originHeader: SIBLING },
    isOwn: false,
    isPage: false,
  },
  { request: { secFetchSite: 'same-site', ...navigate }, isOwn: true, isPage: true },
  { request: { secFetchSite: 'cross-site', ...navigate }, isOwn: true, isPage: true },
  {
    request: { secFetchSite: 'same-site', ...navigate, method: 'POST', originHeader: SIBLING },
    isOwn: false,
    isPage: true,
  },
  { request: { secFetchSite: 'cross-site', ...navigate, method: 'POST' }, isOwn: false, isPage: true },
  {
    request: { secFetchSite: 'same-site', ...navigate, secFetchDest: 'iframe' },
    isOwn: false,
    isPage: false,
  },
  {
    request: { secFetchSite: 'same-site', ...navigate, secFetchDest: 'object' },
    isOwn: false,
    isPage: false,
  },
  { request: { secFetchSite: 'same-site', ...fetched, originHeader: SIBLING }, isOwn: false, isPage: false },
  {
    request: { secFetchSite: 'same-site', secFetchMode: 'no-cors', secFetchDest: 'image' },
    isOwn: false,
    isPage: false,
  },
  {
    request: { secFetchSite: 'cross-site', secFetchMode: 'no-cors', secFetchDest: 'script' },
    isOwn: false,
    isPage: false,
  },
  { request: { secFetchSite: 'same-origin, same-origin', ...fetched }, isOwn: false, isPage: false },
  { request: { secFetchSite: 'Same-Origin', ...fetched }, isOwn: false, isPage: false },
  { request: { secFetchSite: '', ...fetched }, isOwn: false, isPage: false },
  {
    request: {
      isUpgrade: true,
      originHeader: ORIGIN,
      secFetchSite: 'same-origin',
      secFetchMode: 'websocket',
    },
    isOwn: true,
    isPage: false,
  },
  {
    request: { isUpgrade: true, originHeader: SIBLING, secFetchSite: 'same-site', secFetchMode: 'websocket' },
    isOwn: false,
    isPage: false,
  },
  { request: { isUpgrade: true, originHeader: SIBLING }, isOwn: false, isPage: false },
  { request: { isUpgrade: true, originHeader: null, accept: 'text/html' }, isOwn: false, isPage: false },
  {
    request: { isUpgrade: true, originHeader: 'null', secFetchSite: 'same-origin' },
    isOwn: false,
    isPage: false,
  },
]

describe('the table of decisions', () => {
  test('a public path passes anonymously, whatever else is sent', () => {
    const paths = PLACES.filter(({ isPublic }) => isPublic).map(({ path }) => path)
    const wrong = paths.flatMap((path) =>
      [...everyRequest()].filter((request) => summaryOf(decideNotes(path, request)) !== 'pass:anonymous'),
    )
    expect(wrong).toEqual([])
  })

  test('a presented key is judged alone, and never falls back to anything', () => {
    const wrong = PRIVATE_PLACES.flatMap((place) =>
      APP_KEYS.flatMap((appKey) =>
        [...everyRequest(appKey.tokens)].filter((request) => {
          const expected = expectedForKey(appKey, place, request.method ?? 'GET')
          return summaryOf(decideNotes(place.path, request)) !== expected
        }),
      ),
    )
    expect(wrong).toEqual([])
  })

  test('the app’s own key passes, and any other X-API-Key is only a header', () => {
    const wrong = PRIVATE_PLACES.flatMap(({ path }) =>
      [...everyRequest([])].filter((request) => {
        const isGood = API_KEYS.some(({ tokens, isGood }) => tokens === request.apiKeys && isGood)
        const without = summaryOf(decideNotes(path, { ...request, apiKeys: [] }))
        return summaryOf(decideNotes(path, request)) !== (isGood ? 'pass:app' : without)
      }),
    )
    expect(wrong).toEqual([])
  })

  test('else the session decides, if the request comes from where it may', () => {
    const wrong = PRIVATE_PLACES.flatMap(({ path }) =>
      SESSIONS.flatMap((session) =>
        CAUSES.filter((cause) => {
          const request = { ...cause.request, sessionTokens: session.tokens }
          return summaryOf(decideNotes(path, request)) !== expectedForSession(session, cause)
        }),
      ),
    )
    expect(wrong).toEqual([])
  })
})

const PRIVATE_PLACES = PLACES.filter(({ isPublic }) => !isPublic)

/** Every combination of what a request can bring, with these application keys or all kinds of them. */
function* everyRequest(appKeys?: string[]): Generator<Partial<RequestFacts>> {
  const keyLists = appKeys === undefined ? [[], ...APP_KEYS.map(({ tokens }) => tokens)] : [appKeys]
  for (const list of keyLists)
    for (const { tokens: apiKeys } of API_KEYS)
      for (const { tokens: sessionTokens } of SESSIONS)
        for (const { request } of CAUSES) yield { ...request, appKeys: list, apiKeys, sessionTokens }
}

function expectedForKey(
  { why, isOurs }: (typeof APP_KEYS)[number],
  { micro, path, isPlain }: (typeof PLACES)[number],
  method: string,
): string {
  if (!isOurs) return `${why}:unauthorized`
  if (micro !== 'api') return 'key-not-enabled:unauthorized'
  const isRefused =
    why === 'POST'
      ? method !== 'POST'
      : why === 'notes'
        ? !(isPlain && path.startsWith('/api/notes/'))
        : why !== null
  const reason = why === 'POST' ? 'key-method' : why === 'notes' ? 'key-path' : why
  return isRefused ? `${reason}:unauthorized` : 'pass:key'
}

function expectedForSession(
  { why }: (typeof SESSIONS)[number],
  { isOwn, isPage }: (typeof CAUSES)[number],
): string {
  const isGood = why === null || why === 'wrong-user'
  if (isGood && !isOwn) return `cross-site:${isPage ? 'sign-in' : 'unauthorized'}`
  if (why === null) return 'pass:user'
  if (why === 'wrong-user') return 'wrong-user:forbidden'
  return `${why}:${isPage ? 'sign-in' : 'unauthorized'}`
}

describe('a key that is for pages of some origins', () => {
  const from = (originHeader: string | null, method = 'GET') =>
    decideNotes('/api/notes', { method, appKeys: ['for-pages'], originHeader })

  test.each(['https://page.test', 'app://notes'])('opens for %s, and says so', (origin) => {
    expect(from(origin)).toMatchObject({ kind: 'pass', principal: { kind: 'key', origin } })
  })

  test('opens for programs, which no page stands behind', () => {
    expect(from(null)).toMatchObject({ kind: 'pass', principal: { kind: 'key', origin: null } })
  })

  test.each([
    'https://other.test',
    'http://page.test',
    'https://page.test:8443',
    'https://page.test.evil.test',
    'https://page.test, https://page.test',
    'null',
    '',
    ORIGIN,
  ])('is refused from %j, whatever the method', (origin) => {
    for (const method of ['GET', 'POST', 'OPTIONS'])
      expect(summaryOf(from(origin, method))).toBe('key-origin:unauthorized')
  })

  test('another key does not matter for pages', () => {
    const decision = decideNotes('/api/notes', { appKeys: ['good'], originHeader: 'https://page.test' })
    expect(decision).toMatchObject({ kind: 'pass', principal: { origin: undefined } })
  })
})

describe('what a decision says', () => {
  test('a public one names the rule, with the micro that wrote it', () => {
    expect(decideNotes('/docs/a/page')).toEqual({
      kind: 'pass',
      principal: { kind: 'anonymous', rule: { pattern: '/docs/*/page', from: 'web' } },
    })
  })

  test('one by key names the key and never its secret', () => {
    expect(decideNotes('/api/notes', { appKeys: ['good'] })).toEqual({
      kind: 'pass',
      principal: { kind: 'key', id: 'key_good', name: 'good' },
    })
  })

  test('one by session names person and session', () => {
    expect(decideNotes('/admin', { sessionTokens: ['owner'] })).toEqual({
      kind: 'pass',
      principal: { kind: 'user', userId: 'usr_owner', sessionId: 'ses_owner' },
    })
  })
})

describe('what fails is refused', () => {
  const input = (credentials: Partial<CredentialLookup>, request: Partial<RequestFacts>) => ({
    request: { ...PLAIN_GET, ...request },
    route: { instance: INSTANCE, micro: { name: 'web', apiKeys: true, rules: rulesFor([]) }, path: '/x' },
    credentials: { ...CREDENTIALS, ...credentials },
    nowMs: NOW_MS,
  })
  const broken = () => {
    throw new Error('broken')
  }

  test.each([
    ['the key lookup', input({ findKey: broken }, { appKeys: ['good'] })],
    ['the session lookup', input({ findSession: broken }, { sessionTokens: ['owner'] })],
    ['the internal key lookup', input({ findInternalKey: broken }, { apiKeys: ['internal'] })],
    [
      'the rules',
      {
        ...input({}, {}),
        route: { ...input({}, {}).route, micro: { name: 'web', apiKeys: true, rules: { judge: broken } } },
      },
    ],
  ])('%s', (_, input) => {
    expect(decide(input)).toMatchObject({
      kind: 'refuse',
      reason: 'error',
      answer: 'unauthorized',
      cause: expect.any(Error),
    })
    expect(identify(input)).toBeNull()
  })

  test('a lookup that answers with another instance’s session or key', () => {
    const foreign = { id: 'ses_x', instanceId: 'inst_other', userId: 'usr_owner', expiresAtMs: NOW_MS + 1 }
    expect(summaryOf(decide(input({ findSession: () => foreign }, { sessionTokens: ['x'] })))).toBe(
      'session-unknown:unauthorized',
    )
    const key = { id: 'key_x', name: 'x', instanceId: 'inst_other', expiresAtMs: null, scope: null }
    expect(summaryOf(decide(input({ findKey: () => key }, { appKeys: ['x'] })))).toBe(
      'key-unknown:unauthorized',
    )
  })

  test('a time that is no number', () => {
    const session = { id: 'ses_x', instanceId: INSTANCE.id, userId: 'usr_owner', expiresAtMs: Number.NaN }
    expect(summaryOf(decide(input({ findSession: () => session }, { sessionTokens: ['x'] })))).toBe(
      'session-expired:unauthorized',
    )
    expect(summaryOf(decide({ ...input({}, { sessionTokens: ['owner'] }), nowMs: Number.NaN }))).toBe(
      'session-expired:unauthorized',
    )
  })
})

describe('identify, for the platform’s own paths', () => {
  const identifyWith = (request: Partial<RequestFacts>) =>
    identify({
      request: { ...PLAIN_GET, ...request },
      route: {
        instance: INSTANCE,
        micro: { name: 'web', apiKeys: true, rules: rulesFor(['/*']) },
        path: '/__space/x',
      },
      credentials: CREDENTIALS,
      nowMs: NOW_MS,
    })

  test('knows the owner and the app only', () => {
    expect(identifyWith({ sessionTokens: ['owner'] })).toEqual({
      kind: 'user',
      userId: 'usr_owner',
      sessionId: 'ses_owner',
    })
    expect(identifyWith({ apiKeys: ['internal'] })).toEqual({ kind: 'app', keyDigest: 'digest of internal' })
    expect(identifyWith({})).toBeNull()
    expect(identifyWith({ appKeys: ['good'] })).toBeNull()
    expect(identifyWith({ sessionTokens: ['stranger'] })).toBeNull()
  })

  test('ignores the cookie of a request from another site', () => {
    for (const { request, isOwn } of CAUSES)
      expect(identifyWith({ ...request, sessionTokens: ['owner'] }) !== null).toBe(isOwn)
  })
})

test('the app of the tests has keys on one micro only', () => {
  expect(NOTES_MICROS.map(({ name, apiKeys }) => [name, apiKeys === true])).toEqual([
    ['web', false],
    ['api', true],
  ])
})
