import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useRouteContext } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { instancesQuery, queryClient } from '../api/queries.ts'
import { CollectionRow } from '../data/collection/collection-row.tsx'
import { NameForm } from '../data/name-form.tsx'
import { collectionsQuery } from '../data/queries.ts'
import { TopBar } from '../horizon/top-bar.tsx'
import { Empty } from '../settings/section.tsx'
import { Button } from '../ui/button.tsx'
import { Loading } from '../ui/loading.tsx'
import { Notice } from '../ui/notice.tsx'
import { Problem } from '../ui/problem.tsx'
import { useTitle } from '../ui/title.ts'

/** Sizes of the newest collections are shown. */
const SIZES_SHOWN = 100

export function CollectionsPage() {
  const { user } = useRouteContext({ from: '/signed-in' })
  const { data: collections, error, refetch } = useQuery(collectionsQuery)
  const { data: instances } = useQuery(instancesQuery)
  const [isCreating, setCreating] = useState(false)
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: (name: string) => api('POST /collections', { body: { name } }),
    async onSuccess({ id }) {
      await queryClient.invalidateQueries(collectionsQuery)
      await navigate({ to: '/collections/$id', params: { id }, search: {} })
    },
  })
  useTitle('Collections')
  return (
    <>
      <TopBar user={user} />
      <main className="mx-auto max-w-3xl px-5 pt-8 pb-20 sm:px-8">
        <div className="mb-6 flex flex-wrap items-start justify-between gap-4">
          <div className="min-w-[min(100%,18rem)] flex-1">
            <h1 className="text-2xl font-semibold tracking-tight">Collections</h1>
            <p className="mt-1 text-sm text-muted">
              A collection holds the Bases and Drives of an app, or data of your own.
            </p>
          </div>
          <Button onClick={() => setCreating(true)} disabled={isCreating}>
            <Plus className="size-4" aria-hidden />
            New Collection
          </Button>
        </div>
        <div className="space-y-4">
          {isCreating && (
            <NameForm
              label="Name of the collection"
              action="Create"
              placeholder="Recipes"
              isBusy={create.isPending}
              onSubmit={(name) => create.mutate(name)}
              onCancel={() => setCreating(false)}
            />
          )}
          {create.error && <Notice tone="danger">{create.error.message}</Notice>}
          {!collections && !error && <Loading rows={3} />}
          {!collections && error && <Problem error={error} onRetry={() => void refetch()} />}
          {collections?.length === 0 && !isCreating && (
            <Empty>Each app that you push gets a collection here. Create one to keep data for scripts.</Empty>
          )}
          {collections && collections.length > 0 && (
            <ul
              aria-label="Collections"
              className="divide-y divide-line overflow-hidden rounded-2xl border border-line bg-card shadow-card"
            >
              {collections.map((collection, index) => (
                <CollectionRow
                  key={collection.id}
                  collection={collection}
                  hasSize={index < SIZES_SHOWN}
                  instance={instances?.find(({ id }) => id === collection.instance_id)}
                />
              ))}
            </ul>
          )}
        </div>
      </main>
    </>
  )
}
