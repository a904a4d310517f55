import { useMutation, useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { keysQuery, queryClient } from '../api/queries.ts'
import type { ApiKey, Instance, NewApiKey } from '../api/types.ts'
import { Button } from '../ui/button.tsx'
import { CopyBox } from '../ui/copy.tsx'
import { Notice } from '../ui/notice.tsx'
import { NameForm } from './name-form.tsx'
import { SecretTable } from './secret-table.tsx'
import { Empty, Section } from './section.tsx'

export function KeysTab({ instance }: { instance: Instance }) {
  if (!instance.api_keys_enabled) return <Disabled />
  return <ApiKeys instance={instance} />
}

function ApiKeys({ instance }: { instance: Instance }) {
  const keys = useQuery(keysQuery(instance.id))
  const [isCreating, setCreating] = useState(false)
  const refresh = () => queryClient.invalidateQueries(keysQuery(instance.id))
  const create = useMutation({
    mutationFn: (name: string) => api<NewApiKey>('POST', `/instances/${instance.id}/api_keys`, { name }),
    async onSuccess() {
      setCreating(false)
      await refresh()
    },
  })
  const remove = useMutation({
    mutationFn: (key: ApiKey) => api('DELETE', `/instances/${instance.id}/api_keys/${key.id}`),
    onSuccess: (_, key) => {
      if (create.data?.id === key.id) create.reset()
      return refresh()
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
      intro="For scripts and other servers. A key opens the private routes of this app."
      action={button}
    >
      <div className="space-y-4">
        {isCreating && (
          <NameForm
            label="Name of the key"
            placeholder="backup script"
            isBusy={create.isPending}
            onSubmit={(name) => create.mutate(name)}
            onCancel={() => setCreating(false)}
          />
        )}
        {(create.error ?? remove.error) && (
          <Notice tone="danger">{(create.error ?? remove.error)?.message}</Notice>
        )}
        {create.data && <NewKey instance={instance} apiKey={create.data} />}
        {keys.data?.length === 0 && !isCreating && <Empty>No keys yet.</Empty>}
        {keys.data && keys.data.length > 0 && (
          <SecretTable
            rows={keys.data.map((key) => ({ ...key, date: key.created_at }))}
            dateLabel="Created"
            onDelete={(row) => remove.mutateAsync(row)}
          />
        )}
      </div>
    </Section>
  )
}

function NewKey({ instance, apiKey }: { instance: Instance; apiKey: NewApiKey }) {
  return (
    <div className="space-y-3 rounded-2xl border border-line p-4">
      <Notice tone="warn">Copy the key now: it is shown only this once.</Notice>
      <CopyBox text={apiKey.value} label="Copy key" />
      <p className="text-sm text-muted">Try it:</p>
      <CopyBox text={`curl -H "X-Space-App-Key: ${apiKey.value}" ${instance.url}/`} label="Copy command" />
    </div>
  )
}

const Disabled = () => (
  <Section title="API keys">
    <Empty>
      This app takes no keys. Its developer can switch them on with{' '}
      <code className="font-mono text-[13px]">
        presets: {'{'} api_keys: true {'}'}
      </code>{' '}
      in the Spacefile.
    </Empty>
  </Section>
)
