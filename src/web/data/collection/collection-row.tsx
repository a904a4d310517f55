import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import type { Collection, Instance } from '../../../contract/index.ts'
import { ago, size } from '../../ui/format.ts'
import { collectionQuery } from '../queries.ts'
import { CollectionIcon } from './collection-icon.tsx'

interface CollectionRowProps {
  collection: Collection
  instance: Instance | undefined
  /** Measuring takes the server some time. */
  hasSize: boolean
}

export function CollectionRow({ collection, instance, hasSize }: CollectionRowProps) {
  const { id, name, kind, created_at: created } = collection
  const { data } = useQuery({ ...collectionQuery(id), enabled: hasSize })
  const facts = [
    kind === 'app' ? 'app' : 'without an app',
    data === undefined ? null : sizeText(data.bytes),
    `created ${ago(created)}`,
  ]
  return (
    <li>
      <Link
        to="/collections/$id"
        params={{ id }}
        search={{}}
        className="flex items-center gap-4 px-4 py-3 hover:bg-sunken focus-visible:-outline-offset-2"
      >
        <CollectionIcon instance={instance} />
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm font-medium">{instance?.app_name ?? name}</span>
          <span className="block truncate text-[13px] leading-5 text-muted">
            {facts.filter((fact) => fact !== null).join(' · ')}
          </span>
        </span>
        <ChevronRight className="size-4 shrink-0 text-muted" aria-hidden />
      </Link>
    </li>
  )
}

const sizeText = (bytes: number) => (bytes === 0 ? 'empty' : size(bytes))
