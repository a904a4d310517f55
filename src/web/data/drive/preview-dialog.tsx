import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { Dialog } from '../../ui/dialog.tsx'
import { size } from '../../ui/format.ts'
import { Loading } from '../../ui/loading.tsx'
import { Problem } from '../../ui/problem.tsx'
import { type DriveRef, fileUrl } from './files.ts'
import { folderOf, shortName } from './names.ts'
import { type Preview, previewQuery } from './preview.ts'

interface PreviewDialogProps {
  at: DriveRef
  name: string
  onClose: () => void
}

/**
 * A file of an app is never opened as a page: text is shown as text, HTML included, and pictures, sounds and videos by
 * elements that run no script.
 */
export function PreviewDialog({ at, name, onClose }: PreviewDialogProps) {
  const { data, error, refetch } = useQuery(previewQuery(at, name))
  const short = shortName(name, folderOf(name))
  return (
    <Dialog title={<span className="block truncate">{short}</span>} onClose={onClose} size="wide">
      <div className="min-h-0 overflow-auto px-5">
        {!data && !error && <Loading rows={3} />}
        {error && <Problem error={error} onRetry={() => void refetch()} />}
        {data && <Shown preview={data} url={fileUrl(at, name)} name={short} />}
      </div>
      <footer className="flex items-center justify-between gap-4 px-5 py-4 text-sm text-muted">
        <span>{data && sizeText(data.bytes)}</span>
        <a
          href={fileUrl(at, name)}
          download={short}
          className="inline-flex h-10 items-center gap-2 rounded-xl border border-line-strong bg-card px-4 font-medium text-ink hover:bg-sunken"
        >
          <Download className="size-4" aria-hidden />
          Download
        </a>
      </footer>
    </Dialog>
  )
}

const sizeText = (bytes: number) => (bytes < 1_000 ? `${bytes} bytes` : size(bytes))

function Shown({ preview, url, name }: { preview: Preview; url: string; name: string }) {
  const [isBroken, setBroken] = useState(false)
  if (isBroken || preview.kind === 'none')
    return <NoPreview>This browser cannot show the file here. Download it to open it.</NoPreview>
  const onError = () => setBroken(true)
  switch (preview.kind) {
    case 'image':
      return (
        <img
          src={url}
          alt={name}
          onError={onError}
          className="mx-auto max-h-[32rem] rounded-lg bg-sunken object-contain"
        />
      )
    case 'audio':
      return <audio src={url} controls onError={onError} className="my-6 w-full" />
    case 'video':
      return (
        <video src={url} controls onError={onError} className="mx-auto max-h-[32rem] rounded-lg bg-black" />
      )
    case 'text':
      return preview.text === '' ? <NoPreview>The file is empty.</NoPreview> : <Text preview={preview} />
  }
}

const Text = ({ preview: { text, isWhole } }: { preview: Extract<Preview, { kind: 'text' }> }) => (
  <>
    <pre
      tabIndex={0}
      className="max-h-[32rem] overflow-auto rounded-xl border border-line bg-sunken px-4 py-3 font-mono text-[13px] leading-5 break-words whitespace-pre-wrap"
    >
      {text}
    </pre>
    {!isWhole && <p className="mt-2 text-[13px] text-muted">This is the beginning of the file.</p>}
  </>
)

const NoPreview = ({ children }: { children: string }) => (
  <p className="rounded-xl border border-dashed border-line-strong px-4 py-10 text-center text-sm text-muted">
    {children}
  </p>
)
