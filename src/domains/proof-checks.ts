import { DOMAIN_LIMITS } from './limits.ts'
import type { Logger } from '../kernel/log.ts'
import type { Domains } from './domain-service.ts'
import { startPeriodic } from '../kernel/periodic.ts'

export interface DomainChecksOptions {
  readonly domains: Pick<Domains, 'checkDue'>
  readonly log: Logger
}

/** Checks the proofs of pending custom domains until disposed. */
export function startDomainChecks({ domains, log }: DomainChecksOptions): AsyncDisposable {
  return startPeriodic({
    pauseMs: DOMAIN_LIMITS.pauseMs,
    run: () => domains.checkDue(),
    onError: (error) => log.error('cannot check the proofs of domains', {}, error),
  })
}
