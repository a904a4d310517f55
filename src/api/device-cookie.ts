import type { KnownDevice } from '../sessions/index.ts'
import type { User } from '../people/index.ts'
import { type UserId, randomText } from '../kernel/ids.ts'
import { cookieValues, sessionCookie } from './cookies.ts'
import type { ApiContext } from './api-context.ts'

type Deps = Pick<ApiContext, 'sealer' | 'home'>

const ROW = 'cookies/space_device'

/**
 * A browser in which somebody has signed in keeps a sealed note of it, which outlives the session and gives no right:
 * wrong passwords that others try do not make this browser wait (OWASP, device cookies). Otherwise whoever shares the
 * owner's address, such as an app on this machine or everybody behind a proxy, could keep the owner out.
 */
export function deviceCookie({ sealer, home }: Deps, user: User): string {
  const note = sealer.seal(`${user.id} ${randomText(16)}`, ROW)
  return sessionCookie('space_device', Buffer.from(note).toString('base64url'), home)
}

/** Whose browser this has been; what somebody made up is left out. */
export function knownDevices({ sealer, home }: Deps, request: Request): KnownDevice[] {
  return cookieValues(request, 'space_device', home.isSecure).flatMap((value) => {
    try {
      const [userId = '', id = ''] = sealer.open(Buffer.from(value, 'base64url').toString(), ROW).split(' ')
      return [{ id, userId: userId as UserId }]
    } catch {
      return []
    }
  })
}
