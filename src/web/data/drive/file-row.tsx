import {
  Download,
  File,
  FileAudio,
  FileCode,
  FileImage,
  FileText,
  FileVideo,
  Folder,
  type LucideIcon,
} from 'lucide-react'
import { createElement } from 'react'
import { type DriveRef, fileUrl } from './files.ts'
import { isFolder, shortName } from './names.ts'

interface FileRowProps {
  at: DriveRef
  name: string
  folder: string
  isEditable: boolean
  isSelected: boolean
  onSelect: (isSelected: boolean) => void
  onFolder: (folder: string) => void
  onPreview: (name: string) => void
}

const ICONS: readonly [ending: RegExp, icon: LucideIcon][] = [
  [/\.(png|jpe?g|gif|webp|avif|svg|bmp|ico|heic)$/i, FileImage],
  [/\.(mp3|wav|ogg|oga|flac|m4a|aac|opus)$/i, FileAudio],
  [/\.(mp4|webm|mov|mkv|avi|m4v)$/i, FileVideo],
  [/\.(json|jsx?|tsx?|mjs|html?|css|xml|ya?ml|toml|sh|py|go|rs|sql)$/i, FileCode],
  [/\.(txt|md|csv|log|pdf|docx?|rtf)$/i, FileText],
]

const iconOf = (name: string): LucideIcon => ICONS.find(([ending]) => ending.test(name))?.[1] ?? File

const NameIcon = ({ name }: { name: string }) =>
  createElement(isFolder(name) ? Folder : iconOf(name), {
    className: `size-4.5 shrink-0 ${isFolder(name) ? 'fill-accent/20 text-accent' : 'text-muted'}`,
    'aria-hidden': true,
  })

export function FileRow(props: FileRowProps) {
  const { at, name, folder, isEditable, isSelected, onSelect, onFolder, onPreview } = props
  const short = shortName(name, folder)
  return (
    <li
      className={`flex h-12 items-center gap-1 pr-1.5 pl-3 text-sm ${isSelected ? 'bg-accent-soft' : 'hover:bg-sunken'}`}
    >
      {isEditable && (
        <input
          type="checkbox"
          aria-label={`Select ${short}`}
          checked={isSelected}
          onChange={(event) => onSelect(event.target.checked)}
          className="mr-1 size-4 accent-(--accent)"
        />
      )}
      <button
        type="button"
        onClick={() => (isFolder(name) ? onFolder(name) : onPreview(name))}
        className="flex h-full min-w-0 flex-1 items-center gap-3 rounded-lg px-1 text-left focus-visible:-outline-offset-2"
      >
        <NameIcon name={name} />
        <span className="truncate">{short}</span>
      </button>
      {!isFolder(name) && (
        <a
          href={fileUrl(at, name)}
          download={short}
          aria-label={`Download ${short}`}
          title="Download"
          className="grid size-9 shrink-0 place-items-center rounded-lg text-muted hover:bg-line/60 hover:text-ink"
        >
          <Download className="size-4" aria-hidden />
        </a>
      )}
    </li>
  )
}
