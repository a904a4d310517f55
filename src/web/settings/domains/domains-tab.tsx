import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Domains, Instance } from '../../../contract/index.ts'
import { domainsQuery } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Empty, Section } from '../section.tsx'
import { DomainForm } from './domain-form.tsx'
import { DomainRow } from './domain-row.tsx'
import { OpenLink } from './open-link.tsx'

/** The names of an app: the built-in domain and the custom domains (COMPAT 6.6). */
export function DomainsTab({ instance }: { instance: Instance }) {
  const { data, error, refetch } = useQuery(domainsQuery(instance.id))
  return (
    <>
      <BuiltIn instance={instance} />
      <CustomDomains instance={instance} answer={data} error={error} onRetry={() => void refetch()} />
    </>
  )
}

const BuiltIn = ({ instance }: { instance: Instance }) => (
  <Section title="Built-in domain" intro="This domain always works.">
    <div className="flex items-center gap-3 rounded-xl border border-line py-2 pr-2.5 pl-4">
      <span className="min-w-0 flex-1 text-sm font-medium wrap-anywhere">
        {new URL(instance.url).hostname}
      </span>
      <OpenLink url={instance.url} name="built-in domain" />
    </div>
  </Section>
)

interface CustomDomainsProps {
  instance: Instance
  answer: Domains | undefined
  error: Error | null
  onRetry: () => void
}

function CustomDomains({ instance, answer, error, onRetry }: CustomDomainsProps) {
  const [isAdding, setAdding] = useState(false)
  const button = !isAdding && (
    <Button onClick={() => setAdding(true)}>
      <Plus className="size-4" aria-hidden />
      Add domain
    </Button>
  )
  return (
    <Section
      title="Custom domains"
      intro="The app responds at these domains too, with the same access rules."
      action={button}
    >
      <div className="space-y-4">
        {isAdding && <DomainForm instance={instance} onDone={() => setAdding(false)} />}
        {!answer && !error && <Loading rows={1} />}
        {!answer && error && <Problem error={error} onRetry={onRetry} />}
        {answer?.domains.length === 0 && !isAdding && <Empty>No custom domains yet.</Empty>}
        {answer && answer.domains.length > 0 && (
          <ul aria-label="Custom domains" className="divide-y divide-line rounded-xl border border-line">
            {answer.domains.map((domain) => (
              <DomainRow
                key={domain.id}
                instance={instance}
                domain={domain}
                maySkipProof={answer.may_skip_proof}
              />
            ))}
          </ul>
        )}
      </div>
    </Section>
  )
}
