import { calls } from '../../contract/index.ts'
import { endHomeSessions, listAppSessionsOfUser, listHomeSessions } from '../../sessions/index.ts'
import { listInstances } from '../../instances/index.ts'
import type { SessionId } from '../../kernel/ids.ts'
import type { Caller } from '../caller.ts'
import { route } from '../route.ts'
import { isoTime } from '../../kernel/iso-time.ts'

/** Where a person is signed in, device by device; a device's apps end with it. Answered once every gateway knows. */
export const deviceRoutes = [
  route(calls.listSessions, async ({ db, now }, { caller }) => {
    const sessions = await listHomeSessions(db, caller.user.id, now())
    const grown = await listAppSessionsOfUser(db, caller.user.id, now())
    const instances = await listInstances(db, caller.user.id)
    const aliases = new Map(instances.map(({ id, alias }) => [id, alias]))
    return {
      sessions: sessions.map(({ id, device, createdAtMs, lastSeenAtMs }) => ({
        id,
        device,
        created_at: isoTime(createdAtMs),
        last_seen_at: isoTime(lastSeenAtMs),
        is_current: id === currentOf(caller),
        apps: grown
          .filter(({ homeSessionId }) => homeSessionId === id)
          .flatMap(({ instanceId }) => aliases.get(instanceId) ?? [])
          .map((alias) => ({ alias })),
      })),
    }
  }),
  route(calls.endSession, async ({ sync }, { caller, session }) => {
    await sync.commit((commit) => endHomeSessions(commit, { userId: caller.user.id, only: session.id }))
  }),
  route(calls.endOtherSessions, async ({ sync }, { caller }) => {
    const current = currentOf(caller)
    const which = current === null ? {} : { except: current }
    await sync.commit((commit) => endHomeSessions(commit, { userId: caller.user.id, ...which }))
  }),
]

const currentOf = (caller: Caller): SessionId | null => (caller.kind === 'session' ? caller.sessionId : null)
