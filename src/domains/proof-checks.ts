import { DOMAIN_LIMITS } from './limits.ts'
import type { Logger } from '../kernel/log.ts'
import type { Domains } from './activate.ts'
import { startPeriodic } from '../kernel/periodic.ts'

export interface DomainChecksOptions {
  readonly domains: Pick<Domains, 'checkDue'>
  readonly log: Logger
}

/** Looks for the proofs of custom domains that wait for theirs, until disposed. */
export function startDomainChecks({ domains, log }: DomainChecksOptions): AsyncDisposable {
  return startPeriodic({
    pauseMs: DOMAIN_LIMITS.roundMs,
    run: () => domains.checkDue(),
    onError: (error) => log.error('cannot look for the proofs of domains', {}, error),
  })
}
