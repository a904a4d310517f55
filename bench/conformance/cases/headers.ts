import { AS_OWNER, get, refused, request, WITH_KEY, type AttackCase, type Want } from '../attack-case.ts'

type Row = Pick<AttackCase, 'id' | 'danger' | 'severity' | 'seen' | 'send' | 'want'>

const web = (target: string, without: readonly string[]): Want => ({
  kind: 'served',
  by: 'web',
  target,
  without,
})

/** Headers that claim where a request came from, where it goes, or who sent it. */
const CLAIMS: readonly Row[] = [
  ...[
    'X-Forwarded-Uri',
    'X-Original-URL',
    'X-Original-URI',
    'X-Rewrite-URL',
    'X-Forwarded-Path',
    'X-Forwarded-Prefix',
  ].map((name): Row => ({
    id: `headers/${name} opens a private path`,
    danger: 'the path that is judged is not the one that is served',
    severity: 'hole',
    seen: 'oauth2-proxy CVE-2026-40575, Traefik CVE-2026-35051',
    send: get('/admin', `${name}: /public/x`),
    want: refused,
  })),
  ...['X-Original-URL', 'X-Rewrite-URL', 'X-Original-URI'].map((name): Row => ({
    id: `headers/${name} reaches the app on a public path`,
    danger: 'a framework that honours it serves a private page',
    severity: 'caution',
    seen: 'Symfony CVE-2018-14773',
    send: get('/public/x', `${name}: /admin`),
    want: web('/public/x', [name]),
  })),
  ...[
    'X-Forwarded-For: 127.0.0.1',
    'X-Forwarded-For: a',
    'X-Real-IP: ::1',
    'Forwarded: for=127.0.0.1',
    'X-Forwarded-Host: cloud.test',
    'X-Forwarded-Proto: https',
  ].map((line): Row => ({
    id: `headers/${line} opens a private path`,
    danger: 'a claim about the client is believed',
    severity: 'hole',
    seen: 'CasaOS CVE-2023-37265, authentik CVE-2024-47070',
    send: get('/admin', line),
    want: refused,
  })),
  ...[
    'X-Forwarded-For: 6.6.6.6',
    'X-Real-IP: 6.6.6.6',
    'Forwarded: for=6.6.6.6',
    'X_Forwarded_For: 6.6.6.6',
    'True-Client-IP: 6.6.6.6',
  ].map((line): Row => ({
    id: `headers/${line} reaches the app`,
    danger: 'the app believes a false address',
    severity: 'caution',
    seen: 'oauth2-proxy CVE-2025-64484',
    send: get('/public/x', line),
    want: web('/public/x', ['6.6.6.6']),
  })),
  ...[
    'X-Space-Principal',
    'x-space-principal',
    'X_Space_Principal',
    'X-Space_Principal',
    'X.Space.Principal',
    'X-Space-Key-Name',
  ].map((name): Row => ({
    id: `headers/${name} of an anonymous client reaches the app`,
    danger: 'a client chooses its own identity',
    severity: 'hole',
    seen: 'Caddy CVE-2026-30851, Traefik CVE-2026-39858',
    send: get('/public/x', `${name}: forged-identity`),
    want: web('/public/x', ['forged-identity']),
  })),
  {
    id: 'headers/Connection names what the gateway sets',
    danger: 'the identity of the client is removed on the way',
    severity: 'hole',
    seen: 'Oathkeeper GHSA-w9mr-28mw-j8hg, Traefik CVE-2024-45410',
    send: get(
      '/admin',
      AS_OWNER,
      'Connection: X-Space-Principal, X-Forwarded-For',
      'X-Space-Principal: forged-identity',
    ),
    want: web('/admin', ['forged-identity']),
  },
  {
    id: 'headers/Proxy',
    danger: 'a CGI app sends its own requests through the attacker (httpoxy)',
    severity: 'caution',
    seen: 'CVE-2016-5385',
    send: get('/public/x', 'Proxy: http://evil.example'),
    want: web('/public/x', ['evil.example']),
  },
  {
    id: 'headers/a health check’s User-Agent opens everything',
    danger: 'a name counts as a credential',
    severity: 'hole',
    seen: 'oauth2-proxy CVE-2026-34457',
    send: get('/admin', 'User-Agent: GoogleHC/1.0'),
    want: refused,
  },
  {
    id: 'headers/a preflight opens a private path',
    danger: 'OPTIONS is taken for harmless, and the app answers',
    severity: 'hole',
    seen: 'oauth2-proxy skip-auth-preflight',
    send: request('OPTIONS', '/admin', 'Origin: https://evil.example', 'Access-Control-Request-Method: GET'),
    want: refused,
  },
  {
    id: 'headers/the session cookie reaches the app',
    danger: 'the log of an app contains a credential for all its paths',
    severity: 'caution',
    seen: 'Traefik CVE-2026-41181',
    send: get('/admin', AS_OWNER),
    want: web('/admin', ['{session}']),
  },
  {
    id: 'headers/the key reaches the app',
    danger: 'an app keeps keys of its users',
    severity: 'caution',
    seen: null,
    send: get('/api/notes', WITH_KEY),
    want: { kind: 'served', by: 'api', target: '/notes', without: ['{key}'] },
  },
  {
    id: 'headers/an app sets our session cookie, or one for all apps',
    danger: 'an app signs its visitor in as another, here or next door',
    severity: 'hole',
    seen: null,
    send: get('/public/sets-cookies'),
    want: {
      kind: 'served',
      by: 'web',
      target: '/public/sets-cookies',
      answerWithout: ['space_session=', 'Domain=cloud.test', 'X-Accel-Redirect'],
    },
  },
]

/** `Host` in forms that are another identity to some, and one to none. */
const HOSTS: readonly Row[] = [
  ...[
    '{host}.evil.example',
    'a.{host}',
    'cloud.test.evil.example',
    '{host}@evil.example',
    '{host}/x',
    '{host} evil',
    '',
    'x',
  ].map((host): Row => ({
    id: `host/${host || '(empty)'}`,
    danger: 'an unknown host is served by some app',
    severity: 'caution',
    seen: 'Caddy CVE-2018-19148, heimdall CVE-2026-42273',
    send: `GET /public/x HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    want: refused,
  })),
  ...['NOTES-AB12.Cloud.Test', '{host}.', '{host}:80', '{host}:8443', '{host}.:80'].map((host): Row => ({
    id: `host/${host} has other rules`,
    danger: 'the same app under another name is open',
    severity: 'hole',
    seen: 'Caddy CVE-2026-27588, Authelia CVE-2026-48794',
    send: `GET /admin HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    want: refused,
  })),
]

export const HEADER_CASES: readonly AttackCase[] = [...CLAIMS, ...HOSTS]
