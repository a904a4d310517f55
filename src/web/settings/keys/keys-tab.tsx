import { useMutation, useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { keysQuery, queryClient } from '../../api/queries.ts'
import type { Instance, KeyScope, NewApiKey } from '../../../contract/index.ts'
import { Button } from '../../ui/button.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Empty, Section } from '../section.tsx'
import { KeyForm } from './key-form.tsx'
import { KeyRow } from './key-row.tsx'
import { NewKey } from './new-key.tsx'

export function KeysTab({ instance }: { instance: Instance }) {
  if (!instance.api_keys_enabled) return <Disabled />
  return <ApiKeys instance={instance} />
}

type NewKeyRequest = KeyScope & { name: string }

function ApiKeys({ instance }: { instance: Instance }) {
  const { data: keys, error, refetch } = useQuery(keysQuery(instance.id))
  const [isCreating, setCreating] = useState(false)
  /** The key whose value is shown, once. */
  const [shown, setShown] = useState<NewApiKey | null>(null)
  const show = async (key: NewApiKey | null) => {
    setShown(key)
    await queryClient.invalidateQueries(keysQuery(instance.id))
  }
  const create = useMutation({
    mutationFn: (key: NewKeyRequest) =>
      api('POST /instances/:id/api_keys', { params: { id: instance.id }, body: key }),
    async onSuccess(key) {
      setCreating(false)
      await show(key)
    },
  })
  const button = (
    <Button onClick={() => setCreating(true)} disabled={isCreating}>
      <Plus className="size-4" aria-hidden />
      Create new API key
    </Button>
  )
  return (
    <Section
      title="API keys"
      intro="For scripts and other servers. A key opens all private routes of this app, or the routes that you restrict it to."
      action={button}
    >
      <div className="space-y-4">
        {isCreating && (
          <KeyForm
            instance={instance}
            isBusy={create.isPending}
            onSubmit={(key) => create.mutate(key)}
            onCancel={() => setCreating(false)}
          />
        )}
        {create.error && <Notice tone="danger">{create.error.message}</Notice>}
        {shown && <NewKey key={shown.id} instance={instance} apiKey={shown} />}
        {!keys && !error && <Loading rows={2} />}
        {!keys && error && <Problem error={error} onRetry={() => void refetch()} />}
        {keys?.length === 0 && !isCreating && <Empty>No keys yet.</Empty>}
        {keys && keys.length > 0 && (
          <ul aria-label="API keys" className="divide-y divide-line rounded-xl border border-line">
            {keys.map((key) => (
              <KeyRow
                key={key.id}
                instance={instance}
                apiKey={key}
                onRotated={show}
                onDeleted={() => show(shown?.id === key.id ? null : shown)}
              />
            ))}
          </ul>
        )}
      </div>
    </Section>
  )
}

const Disabled = () => (
  <Section title="API keys">
    <Empty>
      This app does not accept API keys. To enable them, set{' '}
      <code className="font-mono text-[13px]">
        presets: {'{'} api_keys: true {'}'}
      </code>{' '}
      in the Spacefile.
    </Empty>
  </Section>
)
