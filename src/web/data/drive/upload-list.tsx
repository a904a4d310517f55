import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { size } from '../../ui/format.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import type { Upload } from './use-uploads.ts'

interface UploadListProps {
  uploads: readonly Upload[]
  onForgetDone: () => void
}

export function UploadList({ uploads, onForgetDone }: UploadListProps) {
  if (uploads.length === 0) return null
  const done = uploads.filter(({ state }) => state === 'done').length
  return (
    <section aria-label="Uploads" className="appear rounded-xl border border-line bg-card">
      <header className="flex items-center justify-between gap-3 py-1.5 pr-1.5 pl-4 text-sm">
        <p role="status">
          {done === uploads.length ? 'All uploaded' : `${done} of ${uploads.length} uploaded`}
        </p>
        {done > 0 && (
          <Button look="quiet" className="h-8 px-2.5" onClick={onForgetDone}>
            Clear list
          </Button>
        )}
      </header>
      <ul className="max-h-44 divide-y divide-line overflow-y-auto border-t border-line">
        {uploads.map((upload) => (
          <UploadRow key={upload.id} upload={upload} />
        ))}
      </ul>
    </section>
  )
}

function UploadRow({ upload }: { upload: Upload }) {
  const { name, state, error, sentBytes, totalBytes } = upload
  return (
    <li className="flex min-h-11 items-center gap-3 py-1 pr-1.5 pl-4 text-sm">
      <div className="min-w-0 flex-1">
        <p className="truncate">{name}</p>
        {error && <p className="text-[13px] leading-5 text-danger">{error}</p>}
      </div>
      {state === 'sending' && (
        <progress
          aria-label={`Upload of ${name}`}
          max={Math.max(totalBytes, 1)}
          value={sentBytes}
          className="h-1.5 w-24 accent-(--accent)"
        />
      )}
      <span className="shrink-0 text-[13px] text-muted">
        {state === 'waiting' ? 'waiting' : size(totalBytes)}
      </span>
      {state === 'done' && <CircleCheck className="mx-2.5 size-4 text-ok" aria-label="Uploaded" />}
      {state === 'failed' && <CircleAlert className="size-4 text-danger" aria-label="Failed" />}
      {state !== 'done' && (
        <IconButton icon={X} label={`Cancel the upload of ${name}`} onClick={upload.abort} />
      )}
    </li>
  )
}
