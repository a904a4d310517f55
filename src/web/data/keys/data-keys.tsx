import { useMutation, useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { DataKeyLimits, NewDataKey } from '../../../contract/index.ts'
import { queryClient } from '../../api/queries.ts'
import { Empty, Section } from '../../settings/section.tsx'
import { Button } from '../../ui/button.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Problem } from '../../ui/problem.tsx'
import { type CollectionNames, dataKeysQuery } from '../queries.ts'
import { DataKeyForm } from './data-key-form.tsx'
import { DataKeyRow } from './data-key-row.tsx'
import { NewDataKeyBox } from './new-data-key.tsx'

interface DataKeysProps {
  collectionId: string
  names: CollectionNames | undefined
}

export function DataKeys({ collectionId, names }: DataKeysProps) {
  const query = dataKeysQuery(collectionId)
  const { data: keys, error, refetch } = useQuery(query)
  const [isCreating, setCreating] = useState(false)
  /** The key whose value is shown, once. */
  const [shown, setShown] = useState<NewDataKey | null>(null)
  const create = useMutation({
    mutationFn: (key: DataKeyLimits & { name: string }) =>
      api('POST /collections/:id/keys', { params: { id: collectionId }, body: key }),
    async onSuccess(key) {
      setCreating(false)
      setShown(key)
      await queryClient.invalidateQueries(query)
    },
  })
  const remove = async (id: string) => {
    if (shown?.id === id) setShown(null)
    await queryClient.invalidateQueries(query)
  }
  return (
    <Section
      title="Data keys"
      intro="For scripts and other servers: a key opens the Bases and Drives of this collection, or those that you name."
      action={
        <Button onClick={() => setCreating(true)} disabled={isCreating}>
          <Plus className="size-4" aria-hidden />
          Create new data key
        </Button>
      }
    >
      <div className="space-y-4">
        {isCreating && (
          <DataKeyForm
            names={names}
            isBusy={create.isPending}
            onSubmit={(key) => create.mutate(key)}
            onCancel={() => setCreating(false)}
          />
        )}
        {create.error && <Notice tone="danger">{create.error.message}</Notice>}
        {shown && <NewDataKeyBox key={shown.id} dataKey={shown} />}
        {!keys && !error && <Loading rows={2} />}
        {!keys && error && <Problem error={error} onRetry={() => void refetch()} />}
        {keys?.length === 0 && !isCreating && <Empty>No keys yet.</Empty>}
        {keys && keys.length > 0 && (
          <ul aria-label="Data keys" className="divide-y divide-line rounded-xl border border-line bg-card">
            {keys.map((key) => (
              <DataKeyRow
                key={key.id}
                collectionId={collectionId}
                dataKey={key}
                onDeleted={() => remove(key.id)}
              />
            ))}
          </ul>
        )}
      </div>
    </Section>
  )
}
