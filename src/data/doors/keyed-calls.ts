import { badName, noSuchCall, notAllowedHere, notCurrent, unauthorized } from '../answers.ts'
import { isExpired, opens, presentedKey } from '../calls/data-key.ts'
import type { CallServer, DataKeys } from '../calls/call-server.ts'
import { type Soon, after } from '../../kernel/soon.ts'
import { limitForStrangers } from '../calls/limit-for-strangers.ts'
import type { DataLimits } from '../limits.ts'
import type { ServiceName } from '../services.ts'
import { readDataPath } from './data-path.ts'

export interface KeyedCallsOptions {
  readonly calls: CallServer
  readonly keys: DataKeys
  readonly limits: Pick<DataLimits, 'directoryPatienceMs' | 'identityAgeMs'>
  readonly now: () => number
}

/** Serves a call whose target is `/v1/<collection>/<name>/…`, by its data key alone. Never throws or rejects. */
export type ServeKeyed = (request: Request, service: ServiceName, target: string) => Soon<Response>

/**
 * The key is judged before anything else of the call is looked at, so that without one nothing can be found out, and
 * costs a digest. A key opens the collection that it begins with, whose id the path has to repeat (COMPAT 5.1).
 */
export function createKeyedCalls({ calls, keys, limits, now }: KeyedCallsOptions): ServeKeyed {
  const judge = (request: Request, service: ServiceName, target: string, token: string) => {
    const found = keys.find(token)
    if (found === null || isExpired(found, now())) return unauthorized()
    const identity = request.headers.get('x-space-identity')
    const key = limitForStrangers(found, { identity, maxAgeMs: limits.identityAgeMs, nowMs: now() })
    const to = readDataPath(target, '/v1/')
    if (to === null) return noSuchCall()
    if (to.collectionId !== key.collectionId) return unauthorized()
    if (to.name === null) return badName()
    if (!opens(key, service, to.name)) return notAllowedHere(service === 'base' ? 'Base' : 'Drive')
    keys.noteUse(key)
    const { collectionId, name, path, query } = to
    return calls.serve(request, { service, collectionId, name, path, query, key })
  }
  return (request, service, target) => {
    const token = presentedKey(request.headers)
    if (token === null) return unauthorized()
    return after(keys.isCurrent || keys.whenCurrent(limits.directoryPatienceMs), (isCurrent) =>
      isCurrent ? judge(request, service, target, token) : notCurrent(),
    )
  }
}
