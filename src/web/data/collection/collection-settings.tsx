import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/queries.ts'
import type { ApiAnswer } from '../../../contract/index.ts'
import { Section } from '../../settings/section.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { ago, size } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { collectionsQuery } from '../queries.ts'
import { TypedConfirm } from '../typed-confirm.tsx'

type Collection = ApiAnswer<'GET /collections/:id'>

interface CollectionSettingsProps {
  collection: Collection
}

export function CollectionSettings({ collection }: CollectionSettingsProps) {
  const navigate = useNavigate()
  const { id, name, kind, bytes, created_at: created } = collection
  const params = { id }
  const clear = async () => {
    await api('DELETE /collections/:id/data', { params })
    queryClient.removeQueries({ queryKey: ['items', id] })
    queryClient.removeQueries({ queryKey: ['files', id] })
    await queryClient.invalidateQueries(collectionsQuery)
  }
  const remove = async () => {
    await api('DELETE /collections/:id', { params })
    await navigate({ to: '/collections' })
    queryClient.removeQueries({ queryKey: ['collections', id] })
    await queryClient.invalidateQueries({ ...collectionsQuery, exact: true })
  }
  return (
    <>
      {kind === 'headless' && <Rename collection={collection} />}
      <Section title="About">
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm">
          <dt className="text-muted">Id</dt>
          <dd className="font-mono text-[13px] select-all">{id}</dd>
          <dt className="text-muted">Size</dt>
          <dd>{size(bytes)}</dd>
          <dt className="text-muted">Created</dt>
          <dd>{ago(created)}</dd>
        </dl>
      </Section>
      <Section
        title="Clear data"
        intro="Deletes all Bases and Drives of this collection. Its data keys stay. This cannot be undone."
      >
        <TypedConfirm name={name} action="Clear data" onConfirm={clear} />
      </Section>
      {kind === 'headless' ? (
        <Section
          title="Delete collection"
          intro="Deletes the collection with its data and its data keys. This cannot be undone."
        >
          <TypedConfirm name={name} action="Delete collection" onConfirm={remove} />
        </Section>
      ) : (
        <Section
          title="Delete collection"
          intro="An app uses this collection. Delete the app in its settings, and choose whether its data is deleted as well."
        >
          {null}
        </Section>
      )}
    </>
  )
}

function Rename({ collection: { id, name } }: CollectionSettingsProps) {
  const [typed, setTyped] = useState(name)
  const rename = useMutation({
    mutationFn: () => api('PATCH /collections/:id', { params: { id }, body: { name: typed.trim() } }),
    onSuccess: () => queryClient.invalidateQueries(collectionsQuery),
  })
  return (
    <Section title="Name">
      <form
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault()
          rename.mutate()
        }}
      >
        {rename.error && <Notice tone="danger">{rename.error.message}</Notice>}
        <div className="flex flex-wrap items-end gap-3">
          <Field
            label="Name of the collection"
            required
            maxLength={64}
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            className="min-w-[min(100%,16rem)] flex-1"
          />
          <Button
            type="submit"
            isBusy={rename.isPending}
            disabled={typed.trim() === name || typed.trim() === ''}
            className="h-11"
          >
            Rename
          </Button>
        </div>
      </form>
    </Section>
  )
}
