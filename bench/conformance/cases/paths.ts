import { AS_OWNER, get, refused, type AttackCase } from '../attack-case.ts'

type Row = [what: string, severity: AttackCase['severity'], seen: string | null, targets: string]

/** Spellings of a path that a gateway and an app read in two ways. No request has a credential. */
const ROWS: readonly Row[] = [
  ['query', 'hole', 'oauth2-proxy CVE-2025-54576', '/docs/secret?x=/page /admin?x=/public/ /?/public/x'],
  [
    'dot segments',
    'hole',
    'Oathkeeper CVE-2026-33494, Traefik CVE-2025-32431',
    '/public/../admin /public/x/../../admin /docs/../admin/page /public/.. /api/hook/../notes',
  ],
  [
    'encoded dots',
    'hole',
    'Traefik CVE-2025-47952, CVE-2026-48020',
    '/public/%2e%2e/admin /public/.%2e/admin /public/%2E./admin /api/hook/%2e%2e/notes /docs/%2e%2e/admin/page',
  ],
  [
    'encoded slashes',
    'hole',
    'Traefik CVE-2025-66490',
    '/public/..%2fadmin /public%2f..%2fadmin /public/%2e%2e%2fadmin /docs/..%2fadmin%2f/page',
  ],
  ['backslashes', 'hole', 'Caddy CVE-2026-52844', '/public\\..\\admin /public/..\\admin'],
  ['encoded backslashes', 'caution', 'Caddy #7858', '/public/..%5cadmin /public%5c..%5cadmin'],
  ['double encoding', 'caution', null, '/public/%252e%252e/admin /%2561dmin /public/%252e%252e%252fadmin'],
  ['mount in a segment', 'hole', 'Traefik CVE-2026-65600', '/api../admin /api./admin /apix/hook'],
  ['mount in another spelling', 'caution', null, '/api%2fhook /api;x/hook /api//hook //api/hook'],
  [
    'empty segments',
    'hole',
    'better-auth GHSA-x732-6j76-qmhm',
    '//admin ///admin //public//..//admin /public//..//admin',
  ],
  [
    'empty segments within',
    'caution',
    '@hono/node-server CVE-2026-39406',
    '/public//admin //public/x /docs//page /public//',
  ],
  [
    'no boundary',
    'hole',
    'Caddy GHSA-gx7w-56w6-g48x',
    '/publicx /public-admin /public /api/hook2 /api/hook/ /docs/apage',
  ],
  ['case', 'hole', 'Caddy CVE-2026-27587', '/ADMIN /Admin /%41dmin /API/notes'],
  ['case of what is public', 'caution', 'Caddy CVE-2026-27587', '/Public/x /PUBLIC/x /api/Hook /docs/a/PAGE'],
  [
    'path parameters',
    'hole',
    'Traefik CVE-2025-66490',
    '/public/..;/admin /public;/../admin /public/..;x=1/admin /admin;x=1',
  ],
  ['path parameters within', 'caution', null, '/public;x/y /public/x;y /public%3bx/y'],
  ['trailing dots and blanks', 'hole', 'Caddy #7858', '/admin. /admin%20 /admin/. /./admin'],
  ['blanks beside dots', 'caution', null, '/public/..%20/admin /public/.%20./admin /public/x%20'],
  [
    'NUL',
    'caution',
    'Traefik CVE-2025-66490',
    '/public/%00/../admin /public/..%00/admin /public/%00 /public/x%00.css',
  ],
  ['control characters', 'caution', null, '/public/%0d%0aX-Y:z /public/%09 /public/%7f /public/%1f'],
  [
    'broken encoding',
    'caution',
    null,
    '/public/% /public/%2 /public/%zz /public/%u002e%u002e/admin /%u0061dmin',
  ],
  [
    'invalid UTF-8',
    'caution',
    null,
    '/public/%ff /public/%c0%ae%c0%ae/admin /public/..%c0%afadmin /public/%ed%a0%80',
  ],
  [
    'look-alikes',
    'caution',
    null,
    '/public/%EF%BC%8E%EF%BC%8E/admin /public%EF%BC%8Fx /public/%E2%80%A5/admin',
  ],
  ['encoded letters', 'caution', null, '/%70ublic/x /public/%78 /api/hoo%6b /docs/a/pag%65'],
  [
    'encoded separators within',
    'caution',
    null,
    '/public%2fx /public/x%2fy /public/x%5cy /docs%2fa%2fpage /public/a%3f /public/a%23',
  ],
  ['raw bytes', 'caution', null, '/public/\xff /public/caf\xc3\xa9 /public/"<> /public/{x}'],
  ['other forms', 'hole', 'Traefik CVE-2026-88009', 'http:http://internal/admin admin ?/public/x'],
  ['a fragment', 'caution', null, '/public/x#/../../admin'],
  [
    'the platform’s own path',
    'hole',
    null,
    '/__space/v0/actions /api/__space/v0/actions /%5f_space/v0/base /__SPACE/v0/base //__space/x',
  ],
  [
    'long',
    'hole',
    null,
    `/public/${'a/../'.repeat(1_200)}../admin /${'/'.repeat(6_000)}admin /docs/${'page/'.repeat(1_200)}secret`,
  ],
]

export const PATH_CASES: readonly AttackCase[] = [
  ...ROWS.flatMap(([what, severity, seen, targets]) =>
    targets.split(' ').map((target): AttackCase => ({
      id: `path/${what}: ${target.length > 60 ? `${target.slice(0, 60)}…` : target}`,
      danger:
        severity === 'hole'
          ? 'a private page is served without a credential'
          : 'an ambiguous path is called public',
      severity,
      seen,
      send: get(target),
      want: refused,
    })),
  ),
  {
    id: 'path/an ambiguous one of the owner passes unchanged',
    danger: 'what was judged is not what is forwarded',
    severity: 'caution',
    seen: null,
    send: get('/files/a%2Fb;c//d%20?x=%2e', AS_OWNER),
    want: { kind: 'served', by: 'web', target: '/files/a%2Fb;c//d%20?x=%2e' },
  },
]
