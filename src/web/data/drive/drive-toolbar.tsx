import { FolderPlus, RotateCw, Trash2, Upload } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { NameForm } from '../name-form.tsx'
import { isFolder } from './names.ts'

interface DriveToolbarProps {
  folder: string
  isEditable: boolean
  selected: ReadonlySet<string>
  isBusy: boolean
  onUpload: (files: Iterable<File>) => void
  onFolder: (folder: string) => void
  onRefresh: () => void
  onDelete: () => Promise<unknown>
}

export function DriveToolbar(props: DriveToolbarProps) {
  const { folder, isEditable, selected, isBusy, onUpload, onFolder, onRefresh, onDelete } = props
  const input = useRef<HTMLInputElement>(null)
  const [asking, setAsking] = useState<'delete' | 'folder' | null>(null)
  const hasFolder = [...selected].some(isFolder)
  return (
    <>
      <div className="ml-auto flex flex-wrap items-center gap-2">
        <IconButton icon={RotateCw} label="Refresh" isBusy={isBusy} onClick={onRefresh} />
        {isEditable && selected.size > 0 && (
          <Button onClick={() => setAsking('delete')} className="text-danger">
            <Trash2 className="size-4" aria-hidden />
            Delete {selected.size}
          </Button>
        )}
        {isEditable && (
          <>
            <Button onClick={() => setAsking('folder')}>
              <FolderPlus className="size-4" aria-hidden />
              New folder
            </Button>
            <Button look="primary" onClick={() => input.current?.click()}>
              <Upload className="size-4" aria-hidden />
              Upload
            </Button>
            <input
              ref={input}
              type="file"
              multiple
              aria-label="Files to upload"
              className="hidden"
              onChange={(event) => {
                onUpload([...(event.target.files ?? [])])
                // So that the same file can be chosen again.
                event.target.value = ''
              }}
            />
          </>
        )}
      </div>
      {asking === 'delete' && selected.size > 0 && (
        <div className="w-full">
          <Confirm action="Delete" cancel="Keep" onConfirm={onDelete} onCancel={() => setAsking(null)}>
            {hasFolder ? 'The selected folders with all their files' : 'The selected files'} will be deleted
            now. This cannot be undone.
          </Confirm>
        </div>
      )}
      {asking === 'folder' && (
        <div className="w-full">
          <NameForm
            label="Name of the folder"
            action="Open folder"
            hint="A folder exists as soon as it has a file."
            onSubmit={(name) => {
              setAsking(null)
              onFolder(`${folder}${name.replace(/^\/+|\/+$/g, '')}/`)
            }}
            onCancel={() => setAsking(null)}
          />
        </div>
      )}
    </>
  )
}
