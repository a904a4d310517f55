import { DOMAIN_LIMITS } from '../apps/index.ts'
import type { Logger } from '../log.ts'
import type { Domains } from './domains.ts'
import { startRounds } from './rounds.ts'

export interface DomainChecksOptions {
  readonly domains: Pick<Domains, 'checkDue'>
  readonly log: Logger
}

/** Looks for the proofs of custom domains that wait for theirs, until disposed. */
export function startDomainChecks({ domains, log }: DomainChecksOptions): AsyncDisposable {
  return startRounds({
    pauseMs: DOMAIN_LIMITS.roundMs,
    run: () => domains.checkDue(),
    onError: (error) => log.error('cannot look for the proofs of domains', {}, error),
  })
}
