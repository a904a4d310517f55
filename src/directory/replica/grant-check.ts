import { isExpired, judgeKey, type Grant } from '../../access/index.ts'
import { isSameDigest } from '../index/digest.ts'
import type { DirectoryState } from '../index/directory-state.ts'

/** Whether a grant is still valid by the current directory. */
export function isGrantValid(state: DirectoryState, grant: Grant, nowMs: number): boolean {
  const instance = state.instance(grant.instanceId)
  const micro = instance?.micros.find(({ name }) => name === grant.micro)
  if (instance === null || micro === undefined || !instance.hosts.includes(grant.host)) return false
  const { principal, path } = grant
  switch (principal.kind) {
    case 'anonymous':
      return micro.rules.judge(path).kind === 'public'
    case 'app':
      return isSameDigest(principal.keyDigest, instance.internalKeyDigest)
    case 'key': {
      const key = state.keys.findById(principal.id)
      return key !== null && judgeKey(key, { instance, micro, path }, grant.method, nowMs) === null
    }
    case 'user': {
      const session = state.sessions.findById(principal.sessionId)
      const isGood =
        session !== null && session.userId === principal.userId && !isExpired(session.expiresAtMs, nowMs)
      return isGood && session.instanceId === instance.id && instance.userIds.includes(principal.userId)
    }
  }
}
