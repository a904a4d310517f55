import { endHomeSessions, listAppSessionsOfUser, listHomeSessions } from '../../sessions/index.ts'
import { listInstances } from '../../instances/index.ts'
import { notFound } from '../../kernel/http-error.ts'
import type { SessionId, UserId } from '../../kernel/ids.ts'
import type { ApiContext } from '../api-context.ts'
import { type Caller, route } from '../route.ts'
import { isoTime } from '../../kernel/iso-time.ts'

/** Where a person is signed in, device by device; a device's apps end with it. */
export const deviceRoutes = [
  route({
    method: 'GET',
    path: '/sessions',
    auth: 'user',
    handler: async ({ db, now }, { caller }) => {
      const sessions = await listHomeSessions(db, caller.user.id, now())
      const grown = await listAppSessionsOfUser(db, caller.user.id, now())
      const instances = await listInstances(db, caller.user.id)
      const aliases = new Map(instances.map(({ id, alias }) => [id, alias]))
      return Response.json({
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
      })
    },
  }),
  route({
    method: 'DELETE',
    path: '/sessions/:id',
    auth: 'user',
    handler: async (deps, { caller, params }) => {
      const sessions = await listHomeSessions(deps.db, caller.user.id, deps.now())
      const session = sessions.find(({ id }) => id === params.id)
      if (!session) throw notFound('There is no such session')
      return end(deps, caller.user.id, { only: session.id })
    },
  }),
  route({
    method: 'DELETE',
    path: '/sessions',
    auth: 'user',
    handler: async (deps, { caller }) => {
      const current = currentOf(caller)
      return end(deps, caller.user.id, current === null ? {} : { except: current })
    },
  }),
]

const currentOf = (caller: Caller): SessionId | null => (caller.kind === 'session' ? caller.sessionId : null)

/** Answered once every gateway has forgotten the app sessions. */
async function end(
  { sync }: ApiContext,
  userId: UserId,
  which: { only?: SessionId; except?: SessionId },
): Promise<Response> {
  await sync.commit((commit) => endHomeSessions(commit, { userId, ...which }))
  return new Response(null, { status: 204 })
}
