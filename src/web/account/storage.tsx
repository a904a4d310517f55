import { useQuery } from '@tanstack/react-query'
import { storageQuery } from '../api/queries.ts'
import { Section } from '../settings/section.tsx'
import { size } from '../ui/format.ts'
import { Loading } from '../ui/loading.tsx'
import { Problem } from '../ui/problem.tsx'
import { BuildBounds, bounded } from './build-bounds.tsx'
import { DiskNotice } from './disk-notice.tsx'

/** Free space on the server's disk, what builds have left on it, and what limits them. */
export function Storage() {
  const { data: storage, error, refetch } = useQuery(storageQuery)
  return (
    <Section title="Storage" intro="The disk of this server.">
      {!storage && !error && <Loading />}
      {!storage && error && <Problem error={error} onRetry={() => void refetch()} />}
      {storage && (
        <div className="space-y-3">
          <DiskNotice />
          <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm">
            <dt className="text-muted">Free</dt>
            <dd>
              {size(storage.disk.available_bytes)} of {size(storage.disk.total_bytes)}
            </dd>
            <dt className="text-muted">Build caches</dt>
            <dd>
              {size(storage.build_caches.bytes)} of {bounded(storage.limits.build_caches_bytes)};{' '}
              {bounded(storage.limits.app_cache_bytes)} per app
            </dd>
            <dt className="text-muted">Fetched tools</dt>
            <dd>
              {size(storage.tools.bytes)} of {bounded(storage.limits.tools_bytes)}
            </dd>
            <BuildBounds limits={storage.limits} />
          </dl>
        </div>
      )}
    </Section>
  )
}
