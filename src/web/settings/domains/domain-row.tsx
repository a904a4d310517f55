import { RotateCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Domain, Instance } from '../../../contract/index.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { DnsRecords } from './dns-records.tsx'
import { OpenLink } from './open-link.tsx'
import { PendingDomain } from './pending-domain.tsx'
import { stateOf } from './state.ts'
import { useDomains } from './use-domains.ts'

interface DomainRowProps {
  instance: Instance
  domain: Domain
  maySkipProof: boolean
}

/** One domain: its state, its DNS records, and its removal. */
export function DomainRow({ instance, domain, maySkipProof }: DomainRowProps) {
  const { check, remove } = useDomains(instance.id)
  const [isRemoving, setRemoving] = useState(false)
  const isPending = domain.status === 'pending'
  const error = check.error ?? remove.error
  const skipProof = () => check.mutateAsync({ id: domain.id, withoutProof: true })
  return (
    <li className="py-2 pr-2.5 pl-4 text-sm">
      <div className="flex items-center gap-1">
        <div className="min-w-0 flex-1 py-1">
          <p className="font-medium wrap-anywhere">{domain.name}</p>
          <State domain={domain} />
        </div>
        {isPending ? (
          <IconButton
            icon={RotateCw}
            label={`Reload ${domain.name}`}
            isBusy={check.isPending}
            onClick={() => check.mutate({ id: domain.id, withoutProof: false })}
          />
        ) : (
          <OpenLink url={domain.url} name={domain.name} />
        )}
        <IconButton
          icon={Trash2}
          tone="danger"
          label={`Remove ${domain.name}`}
          isPressed={isRemoving}
          onClick={() => setRemoving(!isRemoving)}
        />
      </div>
      {isRemoving && (
        <ConfirmRemoval
          isPending={isPending}
          onCancel={() => setRemoving(false)}
          onConfirm={() => remove.mutateAsync(domain.id)}
        />
      )}
      {error && <Notice tone="danger">{error.message}</Notice>}
      {isPending && <PendingDomain domain={domain} onSkipProof={maySkipProof ? skipProof : null} />}
      {!isPending && domain.proof === 'dns' && <DnsRecords domain={domain} isFolded />}
    </li>
  )
}

interface ConfirmRemovalProps {
  isPending: boolean
  onCancel: () => void
  onConfirm: () => Promise<unknown>
}

const ConfirmRemoval = ({ isPending, onCancel, onConfirm }: ConfirmRemovalProps) => (
  <div className="pr-1.5 pb-1.5">
    <Confirm action="Remove" cancel="Keep" onCancel={onCancel} onConfirm={onConfirm}>
      {isPending
        ? 'The server stops checking for its TXT record.'
        : 'The app stops responding at this domain at once, and everyone is signed out there.'}
    </Confirm>
  </div>
)

const TONES = { ok: 'bg-ok', warn: 'bg-warn' }

function State({ domain }: { domain: Domain }) {
  const { tone, text } = stateOf(domain)
  return (
    <p className="flex items-center gap-2 text-[13px] leading-5 text-muted">
      <span aria-hidden className={`size-2 shrink-0 rounded-full ${TONES[tone]}`} />
      {text}
    </p>
  )
}
