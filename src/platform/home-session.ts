import { type User, createHomeSession } from '../accounts/index.ts'
import { setCookie } from './cookies.ts'
import type { PlatformDeps } from './deps.ts'

/** Signs a person in: the `Set-Cookie` value of a new session of Home. */
export async function beginHomeSession(
  { db, home, now }: Pick<PlatformDeps, 'db' | 'home' | 'now'>,
  user: User,
  request: Request,
): Promise<string> {
  const userAgent = request.headers.get('user-agent') ?? ''
  const session = await createHomeSession(db, { userId: user.id, userAgent }, now())
  const maxAgeSeconds = Math.floor((session.expiresAtMs - now()) / 1000)
  return setCookie('space_home', session.secret, { isSecure: home.isSecure, maxAgeSeconds })
}
