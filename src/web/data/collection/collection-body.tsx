import { useQuery } from '@tanstack/react-query'
import type { ApiAnswer } from '../../../contract/index.ts'
import type { CollectionSearch } from '../../router.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Problem } from '../../ui/problem.tsx'
import { BaseView } from '../base/base-view.tsx'
import { DriveView } from '../drive/drive-view.tsx'
import { DataKeys } from '../keys/data-keys.tsx'
import { namesQuery } from '../queries.ts'
import { CollectionSettings } from './collection-settings.tsx'
import { NamePicker } from './name-picker.tsx'
import { NoData } from './no-data.tsx'

interface CollectionBodyProps {
  collection: ApiAnswer<'GET /collections/:id'>
  /** Null: no app uses the collection. */
  appName: string | null
  search: CollectionSearch
  isEditable: boolean
  onSearch: (search: CollectionSearch) => void
}

export function CollectionBody({ collection, appName, search, isEditable, onSearch }: CollectionBodyProps) {
  const { id } = collection
  const { data: names, error, refetch } = useQuery(namesQuery(id))
  if (search.view === 'keys' || search.view === 'settings')
    return (
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="max-w-2xl pt-2 pr-1 pb-10">
          {search.view === 'keys' ? (
            <DataKeys collectionId={id} names={names} />
          ) : (
            <CollectionSettings collection={collection} />
          )}
        </div>
      </div>
    )
  if (error && !names) return <Problem error={error} onRetry={() => void refetch()} />
  if (!names) return <Loading rows={3} />
  const noun = search.view === 'drive' ? 'Drive' : 'Base'
  const known = noun === 'Drive' ? names.drives : names.bases
  const chosen = (noun === 'Drive' ? search.drive : search.base) ?? known[0] ?? null
  const choose = (name: string) =>
    onSearch(noun === 'Drive' ? { view: 'drive', base: search.base, drive: name } : { ...search, base: name })
  const picker = (
    <NamePicker noun={noun} names={known} chosen={chosen} isEditable={isEditable} onChoose={choose} />
  )
  if (chosen === null)
    return (
      <>
        <div className="flex flex-wrap items-center gap-3">{picker}</div>
        <NoData noun={noun} appName={appName} />
      </>
    )
  const shared = { collectionId: id, isEditable, picker }
  if (noun === 'Base') return <BaseView key={chosen} {...shared} base={chosen} />
  return (
    <DriveView
      key={chosen}
      {...shared}
      drive={chosen}
      folder={search.folder ?? ''}
      onFolder={(folder) => onSearch({ ...search, drive: chosen, folder: folder || undefined })}
    />
  )
}
