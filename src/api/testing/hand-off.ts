import { digestOf } from '../../kernel/ids.ts'
import type { Pushed } from './push-app.ts'
import { type CallOptions, FROM, type TestApi } from './test-api.ts'

/** Value of the cookie `space_login` that the browser has on the hosts of apps. */
export const LOGIN_SECRET = 'a'.repeat(43)

export interface HandOff {
  readonly host: string
  readonly to?: string
  readonly challenge?: string
}

/** Step 1 of the hand-off, where the gateway sends the browser (ARCHITECTURE). */
export const handoffPath = ({ host, to = '/a?b=c', challenge = digestOf(LOGIN_SECRET) }: HandOff): string =>
  `/auth/handoff?${new URLSearchParams({ host, to, challenge })}`

/** Step 2, from the address bar of a browser with this cookie of Home. */
export const startHandOff = (
  platform: TestApi,
  query: HandOff,
  options: Pick<CallOptions, 'cookie' | 'from'>,
): Promise<Response> => platform.call('GET', handoffPath(query), { from: FROM.addressBar, ...options })

export const locationOf = (response: Response): string => response.headers.get('location') ?? ''

/** Step 3: what the host that `location` names answers; `instanceId`: where the gateway finds it to lead. */
export function followHandOff(
  platform: TestApi,
  location: string,
  {
    instanceId,
    origin = new URL(location).origin,
    cookie = `space_login=${LOGIN_SECRET}`,
  }: Pick<Pushed, 'instanceId'> & { origin?: string; cookie?: string },
): Promise<Response> {
  const { pathname, search } = new URL(location)
  const headers = { 'X-Space-Gateway-Instance': instanceId }
  return platform.call('GET', pathname + search, { origin, cookie, headers })
}

/** The id of the app session that was published last. */
export const newestSession = ({ published }: TestApi): string =>
  published.findLast((change) => change.op === 'session.put')!.session.id
