import { useState } from 'react'
import type { Domain, PendingDomain as Pending } from '../../../contract/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { DnsRecords } from './dns-records.tsx'
import { findingOf } from './state.ts'

interface PendingDomainProps {
  domain: Domain & Pending
  /** Null for everyone but the owner of the server. */
  onSkipProof: (() => Promise<unknown>) | null
}

/** The steps that a pending domain needs. */
export function PendingDomain({ domain, onSkipProof }: PendingDomainProps) {
  const [isAsking, setAsking] = useState(false)
  return (
    <div className="space-y-3 pt-1 pr-1.5 pb-2">
      <p aria-live="polite" className="text-[13px] leading-5 text-muted">
        {findingOf(domain)}
      </p>
      <DnsRecords domain={domain} />
      {onSkipProof && !isAsking && (
        <p className="text-[13px] leading-5 text-muted">
          Is this a name that only your network resolves, such as notes.lan?{' '}
          <Button look="quiet" className="-my-1 h-8 px-2 text-[13px]" onClick={() => setAsking(true)}>
            Use it without proof
          </Button>
        </p>
      )}
      {onSkipProof && isAsking && (
        <Confirm
          action="Use without proof"
          look="primary"
          onCancel={() => setAsking(false)}
          onConfirm={onSkipProof}
        >
          The person who controls this name can read the app once you open it there. Continue only if that is
          you.
        </Confirm>
      )}
    </div>
  )
}
