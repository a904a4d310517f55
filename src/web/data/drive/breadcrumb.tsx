import { ChevronRight } from 'lucide-react'
import { foldersTo, shortName, folderOf } from './names.ts'

interface BreadcrumbProps {
  folder: string
  onFolder: (folder: string) => void
}

export function Breadcrumb({ folder, onFolder }: BreadcrumbProps) {
  if (folder === '') return null
  const folders = ['', ...foldersTo(folder)]
  return (
    <nav aria-label="Folder" className="min-w-0">
      <ol className="flex flex-wrap items-center text-sm">
        {folders.map((each, index) => {
          const isLast = index === folders.length - 1
          return (
            <li key={each} className="flex min-w-0 items-center">
              {index > 0 && <ChevronRight className="size-4 shrink-0 text-muted" aria-hidden />}
              <button
                type="button"
                aria-current={isLast ? 'location' : undefined}
                onClick={() => onFolder(each)}
                className={`h-9 truncate rounded-lg px-2 hover:bg-sunken ${isLast ? 'font-medium' : 'text-muted hover:text-ink'}`}
              >
                {each === '' ? 'Files' : shortName(each, folderOf(each.slice(0, -1)))}
              </button>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
