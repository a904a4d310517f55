/** One attack, as data: the bytes to send, and what must and must not happen. */
export interface AttackCase {
  /** `<family>/<what>`, unique. */
  readonly id: string
  /** The harm when the case fails. */
  readonly danger: string
  /** `hole`: private content or a false identity. `caution`: something ambiguous, which some app turns into one. */
  readonly severity: 'hole' | 'caution'
  /** Known vulnerabilities of this kind. */
  readonly seen: string | null
  /** Bytes as latin1; `{host}`, `{other-host}`, `{session}`, `{key}` are filled in. */
  readonly send: string
  readonly want: Want
}

export type Want =
  /** No upstream sees a request. `hole`: if what one sees has this in it, that is a hole, and else a caution. */
  | { readonly kind: 'refused'; readonly hole?: string }
  | {
      readonly kind: 'served'
      readonly by: MicroName
      /** What the micro is asked for. */
      readonly target: string
      /** What must not occur in the head that the micro receives; in any case. */
      readonly without?: readonly string[]
      /** What must not occur in the answer; in any case. */
      readonly answerWithout?: readonly string[]
    }

export type MicroName = 'web' | 'api'

/** The policy that every gateway of the comparison is configured with. */
export const POLICY = {
  host: 'notes-ab12.cloud.test',
  /** Another app of the same owner; the gateway need not know it. */
  otherHost: 'evil-cd34.cloud.test',
  /** `web` has the root, `api` all of `/api`, which is taken away before it is asked. */
  publicPaths: { web: ['/public/*', '/docs/*/page'], api: ['/hook'] },
  /** `api` also takes keys. */
  keyHeader: 'X-Space-App-Key',
  sessionCookie: 'space_session',
} as const

export const refused: Want = { kind: 'refused' }

/** A request for `target` with more header lines. */
export function get(target: string, ...lines: string[]): string {
  return request('GET', target, ...lines)
}

export function request(method: string, target: string, ...lines: string[]): string {
  return [`${method} ${target} HTTP/1.1`, 'Host: {host}', ...lines, 'Connection: close', '', ''].join('\r\n')
}

export const AS_OWNER = `Cookie: ${POLICY.sessionCookie}={session}`
export const WITH_KEY = `${POLICY.keyHeader}: {key}`
