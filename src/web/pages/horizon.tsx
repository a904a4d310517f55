import { useQuery } from '@tanstack/react-query'
import { useNavigate, useRouteContext, useSearch } from '@tanstack/react-router'
import { Suspense, lazy, useEffect } from 'react'
import { DiskNotice } from '../account/disk-notice.tsx'
import { instancesQuery } from '../api/queries.ts'
import { AppTile } from '../horizon/app-tile.tsx'
import { EmptyHorizon } from '../horizon/empty-horizon.tsx'
import { TopBar } from '../horizon/top-bar.tsx'
import type { HorizonSearch } from '../router.tsx'
import { Notice } from '../ui/notice.tsx'
import { useTitle } from '../ui/title.ts'

const loadSettings = () => import('../settings/settings-dialog.tsx')
const SettingsDialog = lazy(async () => ({ default: (await loadSettings()).SettingsDialog }))

export function HorizonPage() {
  const { user } = useRouteContext({ from: '/signed-in' })
  const { data: instances, error } = useQuery(instancesQuery)
  const search = useSearch({ from: '/signed-in/' })
  const navigate = useNavigate({ from: '/' })
  const open = (next: HorizonSearch) => void navigate({ search: next, replace: search.app !== undefined })
  const chosen = instances?.find((instance) => instance.id === search.app)
  useTitle(chosen?.app_name ?? '')
  // Not needed for the first render; loaded before the first click.
  useEffect(() => void loadSettings(), [])

  return (
    <>
      <TopBar user={user} />
      <main className="mx-auto max-w-5xl px-5 pt-6 pb-20 sm:px-8">
        {error && (
          <div className="mb-6">
            <Notice tone="danger">{error.message}</Notice>
          </div>
        )}
        <div className="mb-6 empty:hidden">
          <DiskNotice />
        </div>
        {instances?.length === 0 && <EmptyHorizon />}
        {instances && instances.length > 0 && (
          <ul
            aria-label="Apps"
            className="grid grid-cols-[repeat(auto-fill,minmax(8.5rem,1fr))] gap-x-4 gap-y-8 sm:gap-x-6"
          >
            {instances.map((instance) => (
              <AppTile
                key={instance.id}
                instance={instance}
                onOpen={(tab) => open({ app: instance.id, tab })}
              />
            ))}
          </ul>
        )}
      </main>
      {chosen && (
        <Suspense>
          <SettingsDialog
            instance={chosen}
            tab={search.tab ?? 'general'}
            onTab={(tab) => open({ app: chosen.id, tab })}
            onClose={() => open({})}
          />
        </Suspense>
      )}
    </>
  )
}
