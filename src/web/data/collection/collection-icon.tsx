import { Database } from 'lucide-react'
import type { Instance } from '../../../contract/index.ts'
import { AppIcon } from '../../horizon/app-icon.tsx'

/** The icon of the app that uses the collection. */
export const CollectionIcon = ({ instance }: { instance: Instance | undefined }) =>
  instance ? (
    <AppIcon instance={instance} className="w-9 shrink-0" size="small" />
  ) : (
    <span className="grid size-9 shrink-0 place-items-center rounded-[10%] rounded-tl-[70%] bg-accent-soft text-accent">
      <Database className="size-4" aria-hidden />
    </span>
  )
