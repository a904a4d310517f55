import { AS_OWNER, get, WITH_KEY, type AttackCase } from '../attack-case.ts'
import { CREDENTIAL_CASES } from './credentials.ts'
import { HEADER_CASES } from './headers.ts'
import { PATH_CASES } from './paths.ts'
import { WIRE_CASES } from './wire.ts'

/** Allowed requests must pass: a gateway that refuses everything proves nothing. */
export const CONTROLS: readonly AttackCase[] = [
  control('a public path', get('/public/a/b?x=1'), 'web', '/public/a/b?x=1'),
  control('a public path with a star inside', get('/docs/intro/page'), 'web', '/docs/intro/page'),
  control('a public path of another micro', get('/api/hook'), 'api', '/hook'),
  control('the owner', get('/admin', AS_OWNER), 'web', '/admin'),
  control('the owner, another micro', get('/api/notes', AS_OWNER), 'api', '/notes'),
  control('a key', get('/api/notes', WITH_KEY), 'api', '/notes'),
]

export const ATTACKS: readonly AttackCase[] = [
  ...PATH_CASES,
  ...HEADER_CASES,
  ...CREDENTIAL_CASES,
  ...WIRE_CASES,
]

function control(what: string, send: string, by: 'web' | 'api', target: string): AttackCase {
  return {
    id: `control/${what}`,
    danger: 'a client with a valid credential is refused',
    severity: 'caution',
    seen: null,
    send,
    want: { kind: 'served', by, target },
  }
}
