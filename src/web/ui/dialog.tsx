import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'

interface DialogProps {
  title: ReactNode
  onClose: () => void
  children: ReactNode
  /** `wide` for settings, `narrow` for a question. */
  size?: 'wide' | 'narrow'
}

/** A modal on the native `<dialog>`: traps focus, closes on Escape and needs no styles injected by script. */
export function Dialog({ title, onClose, children, size = 'narrow' }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    // Otherwise the browser focuses the first button, Close, and draws a ring around it.
    dialog?.focus()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={ref}
      tabIndex={-1}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => event.target === ref.current && onClose()}
      className={`max-h-[min(46rem,92dvh)] w-[calc(100vw-1.5rem)] overflow-hidden rounded-2xl outline-none border border-line bg-card p-0 shadow-float ${size === 'wide' ? 'max-w-3xl' : 'max-w-md'}`}
    >
      <div className="flex max-h-[inherit] flex-col">
        <header className="flex items-center justify-between gap-4 px-5 pt-4 pb-3">
          <h2 id={titleId} className="min-w-0 text-base font-semibold">
            {title}
          </h2>
          <button
            type="button"
            aria-label="Close"
            onClick={onClose}
            className="-mr-1.5 grid size-9 place-items-center rounded-lg text-muted hover:bg-sunken hover:text-ink"
          >
            <X className="size-4.5" aria-hidden />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
