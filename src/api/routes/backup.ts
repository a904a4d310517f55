import { calls } from '../../contract/index.ts'
import { HttpError, forbidden } from '../../kernel/http-error.ts'
import { isServerOwner } from '../../people/index.ts'
import { logIn } from '../../sessions/index.ts'
import { toStream } from '../../zip/index.ts'
import type { ApiContext } from '../api-context.ts'
import { knownDevices } from '../device-cookie.ts'
import { route } from '../route.ts'

export const backupRoutes = [
  route(calls.createBackup, async (context, { caller, body, client, request }) => {
    const { backups, db, log } = context
    if (!(await isServerOwner(db, caller.user.id)))
      throw forbidden('Only the owner of this server can back it up')
    const login = { login: caller.user.username, password: body.password, client }
    await requirePassword(context, { ...login, devices: knownDevices(context, request) })
    backups.requirePossible()
    log.info('a backup of the server is made', { user: caller.user.id })
    return new Response(toStream(backups.archive()), {
      headers: {
        'Content-Type': 'application/zip',
        'Content-Disposition': 'attachment; filename="ownspace-backup.zip"',
      },
    })
  }),
]

/** A stolen session or token alone does not get the key of the server. Attempts count as attempts to sign in. */
async function requirePassword(
  { db, limits, now }: ApiContext,
  attempt: Parameters<typeof logIn>[2],
): Promise<void> {
  try {
    await logIn(db, limits, attempt, now())
  } catch (error) {
    // 401 would say that the session or the token is no longer valid.
    if (error instanceof HttpError && error.code === 'unauthorized') throw forbidden('The password is wrong')
    throw error
  }
}
