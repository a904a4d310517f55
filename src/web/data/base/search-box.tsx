import { Search, X } from 'lucide-react'
import { useState } from 'react'

interface SearchBoxProps {
  isDisabled: boolean
  /** Empty: show all. */
  onSearch: (text: string) => void
}

/** Searches on Enter: each search reads the whole Base. */
export function SearchBox({ isDisabled, onSearch }: SearchBoxProps) {
  const [text, setText] = useState('')
  const clear = () => {
    setText('')
    onSearch('')
  }
  return (
    <form
      role="search"
      className="relative min-w-0 flex-1 sm:max-w-sm"
      onSubmit={(event) => {
        event.preventDefault()
        onSearch(text)
      }}
    >
      <Search className="pointer-events-none absolute top-3 left-3 size-4 text-muted" aria-hidden />
      <input
        type="text"
        enterKeyHint="search"
        aria-label="Search for an exact value"
        placeholder="Search for an exact value"
        autoComplete="off"
        spellCheck={false}
        disabled={isDisabled}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && text !== '' && clear()}
        className="h-10 w-full rounded-xl border border-line-strong bg-card pr-9 pl-9 text-sm placeholder:text-muted/70 focus:border-accent focus:outline-2 focus:outline-offset-0 focus:outline-accent/30 disabled:opacity-50"
      />
      {text !== '' && !isDisabled && (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={clear}
          className="absolute inset-y-0 right-0 grid w-9 place-items-center text-muted hover:text-ink"
        >
          <X className="size-4" aria-hidden />
        </button>
      )}
    </form>
  )
}
