import { ChevronRight } from 'lucide-react'
import type { DnsRecord, Domain } from '../../../contract/index.ts'
import { CopyButton } from '../../ui/copy.tsx'

/** The DNS records of a domain; folded once they are verified. */
export function DnsRecords({ domain, isFolded = false }: { domain: Domain; isFolded?: boolean }) {
  const records = (
    <div className="space-y-2">
      <ul aria-label={`DNS records of ${domain.name}`} className="divide-y divide-line rounded-xl bg-sunken">
        {domain.records.map((record) => (
          <RecordRow key={record.type} record={record} />
        ))}
      </ul>
      <p className="text-[13px] leading-5 text-muted">{pointing(domain)}</p>
    </div>
  )
  if (!isFolded) return records
  return (
    <details className="group pr-1.5 pb-1">
      <summary className="flex w-fit list-none items-center gap-1.5 rounded-lg pr-2 text-[13px] text-muted select-none hover:text-ink">
        <ChevronRight className="size-3.5 transition-transform group-open:rotate-90" aria-hidden />
        DNS records
      </summary>
      <div className="appear pt-2">{records}</div>
    </details>
  )
}

const RecordRow = ({ record: { type, name, value } }: { record: DnsRecord }) => (
  <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2 pr-1.5 pl-3.5">
    <span className="w-14 shrink-0 text-xs font-semibold text-muted">{type}</span>
    <dl className="min-w-[min(100%,16rem)] flex-1 space-y-1 sm:space-y-0">
      <Part label="Name" text={name} />
      <Part label="Value" text={value} />
    </dl>
  </li>
)

const Part = ({ label, text }: { label: string; text: string }) => (
  <div className="flex items-center gap-3">
    <dt className="w-10 shrink-0 text-xs text-muted">{label}</dt>
    <dd className="flex min-w-0 flex-1 items-center gap-1">
      <code className="min-w-0 flex-1 font-mono text-[13px] leading-5 wrap-anywhere select-all">{text}</code>
      <CopyButton text={text} label={`Copy ${text}`} />
    </dd>
  </div>
)

/** How browsers find the server. */
function pointing({ name, records }: Domain): string {
  const target = records.find(({ type }) => type === 'CNAME')?.value
  if (!target) return `Point ${name} to this server as well, with an A record or in a hosts file.`
  return `If a CNAME is not possible, as at the root of a domain, add A and AAAA records with the addresses of ${target}.`
}
