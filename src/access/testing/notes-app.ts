/** The app that is attacked (see `attacks.test.ts`), and requests to it. For tests. */
import {
  assignRules,
  belowMount,
  compileRules,
  decide,
  servingMicro,
  type CredentialLookup,
  type Decision,
  type KeyRecord,
  type MicroRoutes,
  type RequestFacts,
  type RuleSet,
  type SessionRecord,
} from '../index.ts'

export const NOW_MS = 1_800_000_000_000
export const ORIGIN = 'https://notes-ab12.cloud.test'

export const NOTES_MICROS: readonly MicroRoutes[] = [
  {
    name: 'web',
    primary: true,
    mount: '/',
    publicRoutes: ['/public/*', '/docs/*/page'],
    privateRoutes: [],
  },
  { name: 'api', primary: false, mount: '/api', publicRoutes: ['/hook'], privateRoutes: [], apiKeys: true },
]

export const INSTANCE = { id: 'inst_notes', userIds: ['usr_owner'] }

/** The headers of a plain program. */
export const PLAIN_GET: RequestFacts = {
  method: 'GET',
  origin: ORIGIN,
  isUpgrade: false,
  appKeys: [],
  apiKeys: [],
  sessionTokens: [],
  originHeader: null,
  secFetchSite: null,
  secFetchMode: null,
  secFetchDest: null,
  accept: null,
}

const key = (id: string, more: Partial<KeyRecord> = {}): KeyRecord => ({
  id: `key_${id}`,
  name: id,
  instanceId: INSTANCE.id,
  expiresAtMs: null,
  scope: null,
  ...more,
})

const session = (id: string, more: Partial<SessionRecord> = {}): SessionRecord => ({
  id: `ses_${id}`,
  instanceId: INSTANCE.id,
  userId: 'usr_owner',
  expiresAtMs: NOW_MS + 1,
  ...more,
})

const anyScope = { micros: null, methods: null, paths: null }

/** By token. */
const KEYS: Record<string, KeyRecord> = {
  good: key('good'),
  lasting: key('lasting', { expiresAtMs: NOW_MS + 1 }),
  expired: key('expired', { expiresAtMs: NOW_MS }),
  'of-another-instance': key('other', { instanceId: 'inst_other' }),
  'for-web': key('web', { scope: { ...anyScope, micros: ['web'] } }),
  'for-api': key('api', { scope: { ...anyScope, micros: ['api'] } }),
  'for-pages': key('pages', { origins: ['https://page.test', 'app://notes'] }),
  'for-POST': key('post', { scope: { ...anyScope, methods: ['POST'] } }),
  'for-notes': key('notes', { scope: { ...anyScope, paths: rulesFor(['/notes/*']) } }),
}

const SESSIONS: Record<string, SessionRecord> = {
  owner: session('owner'),
  'owner-too': session('owner2'),
  expired: session('expired', { expiresAtMs: NOW_MS }),
  stranger: session('stranger', { userId: 'usr_stranger' }),
  'of-another-instance': session('elsewhere', { instanceId: 'inst_other' }),
}

export const CREDENTIALS: CredentialLookup = {
  findKey: (token) => KEYS[token] ?? null,
  findSession: (token) => SESSIONS[token] ?? null,
  findInternalKey: (token, instanceId) =>
    token === 'internal' && instanceId === INSTANCE.id ? 'digest of internal' : null,
}

/** Compiled rules of a single micro. */
export function rulesFor(publicRoutes: readonly string[], privateRoutes: readonly string[] = []): RuleSet {
  const [rules] = assignRules([{ name: 'web', primary: true, mount: '/', publicRoutes, privateRoutes }])
  return compileRules(rules ?? { publicRules: [], privateRules: [] })
}

/** Whether these rules make a path public. */
export const isPublic = (rules: RuleSet, path: string): boolean => rules.judge(path).kind === 'public'

/** Decides a request to the app, as the gateway would. `path`: of the whole target, without query. */
export function decideNotes(path: string, request: Partial<RequestFacts> = {}): Decision {
  const micro = servingMicro(NOTES_MICROS, path)
  const rules = NOTES_RULES.get(micro?.name ?? '')
  if (micro === null || rules === undefined) throw new Error('the app has no primary micro')
  return decide({
    request: { ...PLAIN_GET, ...request },
    route: {
      instance: INSTANCE,
      micro: { name: micro.name, apiKeys: micro.apiKeys === true, rules },
      path: belowMount(path, micro),
    },
    credentials: CREDENTIALS,
    nowMs: NOW_MS,
  })
}

const NOTES_RULES = new Map(assignRules(NOTES_MICROS).map((rules) => [rules.micro, compileRules(rules)]))

/** `pass:<who>` or `<reason>:<answer>`, to compare at a glance. */
export const summaryOf = (decision: Decision): string =>
  decision.kind === 'pass' ? `pass:${decision.principal.kind}` : `${decision.reason}:${decision.answer}`
