import { AS_OWNER, get, POLICY, refused, request, WITH_KEY, type AttackCase } from '../attack-case.ts'

const SIBLING = `Origin: https://${POLICY.otherHost}`
const cookie = (text: string): string => `Cookie: ${text}`

type Row = [what: string, danger: string, severity: AttackCase['severity'], send: string]

const SESSIONS: readonly Row[] = [
  ['no cookie', 'a client without a credential is allowed', 'hole', get('/admin')],
  ['an empty one', 'anything is a session', 'hole', get('/admin', cookie('space_session='))],
  ['a percent sign', 'what cannot be read is let in', 'hole', get('/admin', cookie('space_session=%'))],
  [
    'a long one',
    'what cannot be read is let in',
    'hole',
    get('/admin', cookie(`space_session=${'x'.repeat(3_000)}`)),
  ],
  [
    'another case of the name',
    'a cookie that no browser protects is taken for ours',
    'hole',
    get('/admin', cookie('SPACE_SESSION={session}')),
  ],
  ['in quotes', 'two readings of one cookie', 'caution', get('/admin', cookie('space_session="{session}"'))],
  [
    'inside another',
    'two readings of one cookie',
    'hole',
    get('/admin', cookie('a=space_session={session}')),
  ],
  [
    'in a header of another name',
    'two readings of one cookie',
    'hole',
    get('/admin', 'Cookie2: space_session={session}'),
  ],
  ['as a bearer', 'any bearer passes', 'hole', get('/admin', 'Authorization: Bearer x')],
  ['as basic credentials', 'any password passes', 'hole', get('/admin', 'Authorization: Basic Og==')],
]

/** Requests of a page of another app, in the browser of the owner, who is signed in. */
const CROSS_SITE: readonly Row[] = [
  [
    'fetch from a sibling app',
    'a sibling app reads private data',
    'hole',
    get(
      '/admin',
      AS_OWNER,
      SIBLING,
      'Sec-Fetch-Site: same-site',
      'Sec-Fetch-Mode: cors',
      'Sec-Fetch-Dest: empty',
    ),
  ],
  [
    'form from a sibling app',
    'a sibling app acts as the owner',
    'hole',
    request(
      'POST',
      '/admin',
      AS_OWNER,
      SIBLING,
      'Sec-Fetch-Site: same-site',
      'Sec-Fetch-Mode: navigate',
      'Sec-Fetch-Dest: document',
      'Content-Length: 0',
    ),
  ],
  [
    'form from a sibling app, old browser',
    'a sibling app acts as the owner',
    'hole',
    request('POST', '/admin', AS_OWNER, SIBLING, 'Content-Length: 0'),
  ],
  [
    'form without an origin',
    'a sandboxed page acts as the owner',
    'hole',
    request('POST', '/admin', AS_OWNER, 'Origin: null', 'Content-Length: 0'),
  ],
  [
    'image from a sibling app',
    'a sibling app acts as the owner',
    'caution',
    get('/admin', AS_OWNER, 'Sec-Fetch-Site: same-site', 'Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: image'),
  ],
  [
    'frame in a sibling app',
    'the owner clicks what is not seen',
    'caution',
    get(
      '/admin',
      AS_OWNER,
      'Sec-Fetch-Site: same-site',
      'Sec-Fetch-Mode: navigate',
      'Sec-Fetch-Dest: iframe',
    ),
  ],
  [
    'WebSocket from a sibling app',
    'a sibling app reads private data, for browsers do not ask',
    'hole',
    upgrade(SIBLING),
  ],
  ['WebSocket without an origin', 'a copy of the cookie is enough', 'caution', upgrade('X-Nothing: x')],
]

function upgrade(line: string): string {
  return [
    'GET /admin HTTP/1.1',
    'Host: {host}',
    AS_OWNER,
    line,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '',
    '',
  ].join('\r\n')
}

const KEYS: readonly Row[] = [
  ['a wrong one', 'any key passes', 'hole', get('/api/notes', `${POLICY.keyHeader}: wrong`)],
  ['an empty one', 'any key passes', 'hole', get('/api/notes', `${POLICY.keyHeader}:`)],
  ['its first half', 'a prefix passes', 'hole', get('/api/notes', `${POLICY.keyHeader}: key1_`)],
  ['more than it', 'a prefix passes', 'hole', get('/api/notes', `${POLICY.keyHeader}: {key}x`)],
  [
    'another case',
    'keys are compared loosely',
    'hole',
    get('/api/notes', `${POLICY.keyHeader}: KEY1_SECRET`),
  ],
  ['on a micro without keys', 'a key opens more than it should', 'hole', get('/admin', WITH_KEY)],
  ['in another header', 'two readings of one header', 'hole', get('/api/notes', 'X_Space_App_Key: {key}')],
  ['as internal key', 'one key is taken for another', 'hole', get('/api/notes', 'X-API-Key: {key}')],
  ['in the query', 'keys end up in logs', 'caution', get('/api/notes?X-Space-App-Key={key}')],
  [
    'twice, one of them wrong',
    'gateway and app read different ones',
    'caution',
    get('/api/notes', WITH_KEY, `${POLICY.keyHeader}: wrong`),
  ],
  [
    'wrong, beside a good session',
    'who presents a wrong key is not told',
    'caution',
    get('/admin', AS_OWNER, `${POLICY.keyHeader}: wrong`),
  ],
]

const rows = (family: string, list: readonly Row[]): AttackCase[] =>
  list.map(([what, danger, severity, send]) => ({
    id: `${family}/${what}`,
    danger,
    severity,
    seen: null,
    send,
    want: refused,
  }))

export const CREDENTIAL_CASES: readonly AttackCase[] = [
  ...rows('session', SESSIONS),
  ...rows('cross-site', CROSS_SITE),
  ...rows('key', KEYS),
]
