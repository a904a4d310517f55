import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useRouteContext, useSearch } from '@tanstack/react-router'
import { ChevronRight, HardDrive, KeyRound, type LucideIcon, Settings, Table2 } from 'lucide-react'
import { useState } from 'react'
import { instancesQuery } from '../api/queries.ts'
import { CollectionBody } from '../data/collection/collection-body.tsx'
import { CollectionIcon } from '../data/collection/collection-icon.tsx'
import { EditMode } from '../data/collection/edit-mode.tsx'
import { collectionQuery } from '../data/queries.ts'
import { TopBar } from '../horizon/top-bar.tsx'
import type { CollectionSearch } from '../router.tsx'
import { Loading } from '../ui/loading.tsx'
import { Problem } from '../ui/problem.tsx'
import { useTitle } from '../ui/title.ts'

type View = NonNullable<CollectionSearch['view']>

const VIEWS: readonly { id: View; label: string; icon: LucideIcon }[] = [
  { id: 'base', label: 'Base', icon: Table2 },
  { id: 'drive', label: 'Drive', icon: HardDrive },
  { id: 'keys', label: 'Data keys', icon: KeyRound },
  { id: 'settings', label: 'Settings', icon: Settings },
]

/** View Data: the Bases and Drives of an app, or of a collection of its own (COMPAT 6.8). */
export function CollectionPage() {
  const { user } = useRouteContext({ from: '/signed-in' })
  const { id } = useParams({ from: '/signed-in/collections/$id' })
  const search = useSearch({ from: '/signed-in/collections/$id' })
  const navigate = useNavigate({ from: '/collections/$id' })
  const { data: collection, error, refetch } = useQuery(collectionQuery(id))
  const { data: instances } = useQuery(instancesQuery)
  const [isEditing, setEditing] = useState(false)
  const view = search.view ?? 'base'
  const instance = instances?.find(({ collection_id }) => collection_id === id)
  const title = instance?.app_name ?? collection?.name ?? ''
  const isOfApp = collection?.kind === 'app'
  useTitle(title && `Data of ${title}`)
  return (
    <div className="flex h-dvh min-h-[36rem] flex-col">
      <TopBar user={user} isWide />
      <main className="mx-auto flex min-h-0 w-full max-w-[96rem] flex-1 flex-col gap-4 px-5 pt-2 pb-5 sm:px-8">
        <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
          <div className="flex min-w-0 items-center gap-3">
            <CollectionIcon instance={instance} />
            <div className="min-w-0">
              <Link
                to="/collections"
                className="flex w-fit items-center rounded text-[13px] leading-4 text-muted hover:text-ink"
              >
                Collections
                <ChevronRight className="size-3.5" aria-hidden />
              </Link>
              <h1 className="truncate text-lg leading-6 font-semibold tracking-tight">{title}</h1>
            </div>
          </div>
          {isOfApp && (view === 'base' || view === 'drive') && (
            <EditMode isOn={isEditing} onChange={setEditing} />
          )}
        </header>
        <nav aria-label="Data" className="flex gap-1 overflow-x-auto border-b border-line">
          {VIEWS.map(({ id: each, label, icon: Icon }) => (
            <Link
              key={each}
              from="/collections/$id"
              to="/collections/$id"
              params={{ id }}
              search={{ ...search, view: each }}
              aria-current={view === each ? 'page' : undefined}
              className="-mb-px flex h-11 shrink-0 items-center gap-2 border-b-2 border-transparent px-2.5 text-sm text-muted hover:text-ink focus-visible:-outline-offset-2 aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              <Icon className="hidden size-4 sm:block" aria-hidden />
              {label}
            </Link>
          ))}
        </nav>
        {error && <Problem error={error} onRetry={() => void refetch()} />}
        {!collection && !error && <Loading rows={3} />}
        {collection && (
          <CollectionBody
            collection={collection}
            appName={isOfApp ? title : null}
            search={search}
            isEditable={!isOfApp || isEditing}
            onSearch={(next) => void navigate({ search: next })}
          />
        )}
      </main>
    </div>
  )
}
