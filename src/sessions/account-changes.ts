import type { Commit } from '../directory-sync/index.ts'
import type { SessionId, UserId } from '../kernel/ids.ts'
import { type AccountsTables, deleteUserRow, storePasswordHash } from '../people/index.ts'
import { endHomeSessions } from './home-sessions.ts'

/**
 * Stores a new password (`hashNewPassword` of people/, hashed before the transaction) and ends every other session of
 * the person. Returns the ended app sessions.
 */
export async function changePassword(
  commit: Commit<AccountsTables>,
  change: { userId: UserId; hash: string; keepSessionId: SessionId },
): Promise<SessionId[]> {
  await storePasswordHash(commit.trx, change.userId, change.hash)
  await commit.trx.deleteFrom('cli_logins').where('user_id', '=', change.userId).execute()
  return endHomeSessions(commit, { userId: change.userId, except: change.keepSessionId })
}

/** Deletes a person with sessions, tokens and open logins. Returns the ended app sessions. */
export async function deleteUser(commit: Commit<AccountsTables>, id: UserId): Promise<SessionId[]> {
  const ended = await endHomeSessions(commit, { userId: id })
  await deleteUserRow(commit.trx, id)
  return ended
}
