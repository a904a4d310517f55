import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { type DragEvent, type ReactNode, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Breadcrumb } from './breadcrumb.tsx'
import { DriveToolbar } from './drive-toolbar.tsx'
import { FileRow } from './file-row.tsx'
import { type DriveRef, deleteNames, filesQuery, reloadFiles } from './files.ts'
import { PreviewDialog } from './preview-dialog.tsx'
import { UploadList } from './upload-list.tsx'
import { useUploads } from './use-uploads.ts'

interface DriveViewProps extends DriveRef {
  /** Empty, or ends in `/`. */
  folder: string
  isEditable: boolean
  /** Chooses the Drive. */
  picker: ReactNode
  onFolder: (folder: string) => void
}

/** The files and folders of one folder of a Drive (COMPAT 6.8). */
export function DriveView({ collectionId, drive, folder, isEditable, picker, onFolder }: DriveViewProps) {
  const at = { collectionId, drive }
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery(
    filesQuery(at, folder),
  )
  const { uploads, add, forgetDone } = useUploads(at)
  const [selected, setSelected] = useState<ReadonlySet<string>>(NONE)
  const [previewed, setPreviewed] = useState<string | null>(null)
  const drop = useDrop(isEditable, (files) => add(folder, files))
  const remove = useMutation({
    mutationFn: () => deleteNames(at, [...selected]),
    async onSettled() {
      setSelected(NONE)
      await reloadFiles(at)
    },
  })
  const open = (next: string) => {
    setSelected(NONE)
    onFolder(next)
  }
  const names = data?.pages.flatMap((page) => page.names)
  return (
    <div {...drop.handlers} className="relative flex min-h-0 flex-1 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        {picker}
        <Breadcrumb folder={folder} onFolder={open} />
        <DriveToolbar
          folder={folder}
          isEditable={isEditable}
          selected={selected}
          isBusy={isFetching}
          onUpload={(files) => add(folder, files)}
          onFolder={open}
          onRefresh={() => void reloadFiles(at)}
          onDelete={() => remove.mutateAsync()}
        />
      </div>
      {remove.error && <Notice tone="danger">{remove.error.message}</Notice>}
      <UploadList uploads={uploads} onForgetDone={forgetDone} />
      {!names && !error && <Loading rows={3} />}
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {names?.length === 0 && <EmptyFolder isEditable={isEditable} isTop={folder === ''} />}
      {names && names.length > 0 && (
        <ul
          aria-label="Files"
          className="min-h-0 divide-y divide-line overflow-y-auto rounded-xl border border-line bg-card"
        >
          {names.map((name) => (
            <FileRow
              key={name}
              at={at}
              name={name}
              folder={folder}
              isEditable={isEditable}
              isSelected={selected.has(name)}
              onSelect={(isIn) =>
                setSelected(isIn ? selected.union(new Set([name])) : selected.difference(new Set([name])))
              }
              onFolder={open}
              onPreview={setPreviewed}
            />
          ))}
          {hasNextPage && (
            <li className="grid place-items-center py-2">
              <Button look="quiet" isBusy={isFetching} onClick={() => void fetchNextPage()}>
                Show more files
              </Button>
            </li>
          )}
        </ul>
      )}
      {drop.isOver && (
        <div className="pointer-events-none absolute inset-0 z-30 grid place-items-center rounded-2xl border-2 border-dashed border-accent bg-accent-soft/80 font-medium text-accent">
          Drop to upload to {folder || drive}
        </div>
      )}
      {previewed !== null && <PreviewDialog at={at} name={previewed} onClose={() => setPreviewed(null)} />}
    </div>
  )
}

const NONE: ReadonlySet<string> = new Set()

function useDrop(isEnabled: boolean, onFiles: (files: Iterable<File>) => void) {
  const [isOver, setOver] = useState(false)
  const hasFiles = (event: DragEvent) => isEnabled && event.dataTransfer.types.includes('Files')
  return {
    isOver,
    handlers: {
      onDragOver: (event: DragEvent) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        setOver(true)
      },
      onDragLeave: (event: DragEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      },
      onDrop: (event: DragEvent) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        setOver(false)
        onFiles(event.dataTransfer.files)
      },
    },
  }
}

const EmptyFolder = ({ isEditable, isTop }: { isEditable: boolean; isTop: boolean }) => (
  <div className="appear grid min-h-48 flex-1 place-items-center rounded-xl border border-dashed border-line-strong px-4 py-10 text-center text-sm text-muted">
    <p>
      {isTop ? 'This Drive is empty.' : 'This folder is empty.'}
      {isEditable && ' Drop files here, or use Upload.'}
    </p>
  </div>
)
