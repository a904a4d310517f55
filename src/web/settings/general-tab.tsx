import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { instancesQuery, queryClient, storageQuery } from '../api/queries.ts'
import type { Instance } from '../../contract/index.ts'
import { Button } from '../ui/button.tsx'
import { CopyBox } from '../ui/copy.tsx'
import { ago, size } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { Section } from './section.tsx'

export function GeneralTab({ instance, onDeleted }: { instance: Instance; onDeleted: () => void }) {
  const { data: storage } = useQuery(storageQuery)
  const cache = storage?.build_caches.apps.find(({ app_id }) => app_id === instance.app_id)
  return (
    <>
      <Section title="Address">
        <CopyBox text={instance.url} label="Copy address" />
      </Section>
      <Section title="Version">
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm">
          <dt className="text-muted">Revision</dt>
          <dd className="font-mono text-[13px]">{instance.revision_tag ?? 'none yet'}</dd>
          <dt className="text-muted">Updated</dt>
          <dd>{ago(instance.updated_at)}</dd>
          <dt className="text-muted">Micros</dt>
          <dd>{instance.micros.map((micro) => `${micro.name} (${micro.engine})`).join(', ')}</dd>
          {cache !== undefined && cache.bytes > 0 && (
            <>
              <dt className="text-muted">Build cache</dt>
              <dd>{size(cache.bytes)}</dd>
            </>
          )}
        </dl>
      </Section>
      <DeleteApp instance={instance} onDeleted={onDeleted} />
    </>
  )
}

function DeleteApp({ instance, onDeleted }: { instance: Instance; onDeleted: () => void }) {
  const [isSure, setSure] = useState(false)
  const [deletesData, setDeletesData] = useState(false)
  const choose = (isDeleted: boolean) => {
    setDeletesData(isDeleted)
    // It was said of the other choice.
    setSure(false)
  }
  const remove = useMutation({
    async mutationFn() {
      const query = { keep_data: String(!deletesData) }
      await api('DELETE /instances/:id', { params: { id: instance.id }, query })
      // The app is gone. While a push is in progress, the server keeps the rows of its pushes.
      await api('DELETE /apps/:id', { params: { id: instance.app_id }, query }).catch(() => {})
    },
    async onSuccess() {
      await queryClient.invalidateQueries(instancesQuery)
      onDeleted()
    },
  })
  return (
    <Section
      title="Delete"
      intro="Stops the app, and deletes its address, keys, settings and revisions. This cannot be undone."
    >
      {remove.error && (
        <div className="mb-3">
          <Notice tone="danger">{remove.error.message}</Notice>
        </div>
      )}
      <fieldset className="mb-4 grid gap-2 text-sm">
        <legend className="sr-only">Data of the app</legend>
        <DataChoice isChosen={!deletesData} onChoose={() => choose(false)}>
          Keep its data as a collection
        </DataChoice>
        <DataChoice isChosen={deletesData} onChoose={() => choose(true)}>
          Delete its data as well
        </DataChoice>
      </fieldset>
      <div className="flex flex-wrap items-center justify-between gap-4">
        <label className="flex items-center gap-2.5 text-sm">
          <input
            type="checkbox"
            checked={isSure}
            onChange={(event) => setSure(event.target.checked)}
            className="size-4 accent-(--danger)"
          />
          Yes, delete {instance.app_name}
          {deletesData ? ' and its data' : ''}
        </label>
        <Button look="danger" disabled={!isSure} isBusy={remove.isPending} onClick={() => remove.mutate()}>
          Delete app
        </Button>
      </div>
    </Section>
  )
}

interface DataChoiceProps {
  isChosen: boolean
  onChoose: () => void
  children: string
}

function DataChoice({ isChosen, onChoose, children }: DataChoiceProps) {
  return (
    <label className="flex items-center gap-2.5">
      <input
        type="radio"
        name="data"
        checked={isChosen}
        onChange={onChoose}
        className="size-4 accent-(--danger)"
      />
      {children}
    </label>
  )
}
