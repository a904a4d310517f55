import type { KnownDevice } from '../sessions/index.ts'
import type { User } from '../people/index.ts'
import { type UserId, randomText } from '../kernel/ids.ts'
import { cookieValues, sessionCookie } from './cookies.ts'
import type { ApiContext } from './api-context.ts'

type DeviceCookieContext = Pick<ApiContext, 'sealer' | 'home'>

const ROW = 'cookies/space_device'

/**
 * Marks a browser in which a person has signed in. The sealed cookie outlives the session and gives no right, but wrong
 * passwords from other devices do not make this browser wait (OWASP, device cookies). Without the cookie, any client that
 * shares the owner's address, such as an app on this machine or a user of the same proxy, could lock the owner out.
 */
export function deviceCookie({ sealer, home }: DeviceCookieContext, user: User): string {
  const note = sealer.seal(`${user.id} ${randomText(16)}`, ROW)
  return sessionCookie('space_device', Buffer.from(note).toString('base64url'), home)
}

/** The people who have signed in with this browser. Forged cookies are ignored. */
export function knownDevices({ sealer, home }: DeviceCookieContext, request: Request): KnownDevice[] {
  return cookieValues(request, 'space_device', home.isSecure).flatMap((value) => {
    try {
      const [userId = '', id = ''] = sealer.open(Buffer.from(value, 'base64url').toString(), ROW).split(' ')
      return [{ id, userId: userId as UserId }]
    } catch {
      return []
    }
  })
}
