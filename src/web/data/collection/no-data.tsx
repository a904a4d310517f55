import { HardDrive, Table2 } from 'lucide-react'

interface NoDataProps {
  noun: 'Base' | 'Drive'
  /** Null: no app uses the collection. */
  appName: string | null
}

const WHAT = {
  Base: { Icon: Table2, stores: 'documents' },
  Drive: { Icon: HardDrive, stores: 'files' },
}

/** A collection without Bases, or without Drives, and what makes one. */
export function NoData({ noun, appName }: NoDataProps) {
  const { Icon, stores } = WHAT[noun]
  return (
    <div className="appear grid min-h-64 flex-1 place-items-center rounded-2xl border border-dashed border-line-strong px-6 py-12 text-center">
      <div className="max-w-sm">
        <Icon className="mx-auto size-8 text-muted" strokeWidth={1.5} aria-hidden />
        <p className="mt-4 font-medium">
          {appName === null ? `No ${noun} yet` : `${appName} has not stored any ${stores} yet`}
        </p>
        <p className="mt-1.5 text-sm text-muted">
          {appName === null
            ? `Create a ${noun} here, or write to one with a data key.`
            : `Its first ${noun} appears here within seconds after the app writes to it.`}
        </p>
      </div>
    </div>
  )
}
