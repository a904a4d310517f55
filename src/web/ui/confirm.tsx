import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from './button.tsx'

interface ConfirmProps {
  /** The consequence, in a sentence. */
  children: ReactNode
  action: string
  cancel?: string
  look?: 'danger' | 'primary'
  onConfirm: () => Promise<unknown>
  onCancel: () => void
}

/** A confirmation at the place of the first click. Takes the focus, and returns it when closed. */
export function Confirm({
  children,
  action,
  cancel = 'Cancel',
  look = 'danger',
  onConfirm,
  onCancel,
}: ConfirmProps) {
  const [isBusy, setBusy] = useState(false)
  const box = useFocusWhileHere()
  const confirm = () => {
    setBusy(true)
    // The owner of the action shows the failure.
    onConfirm().then(onCancel, () => setBusy(false))
  }
  return (
    <div
      ref={box}
      role="group"
      tabIndex={-1}
      aria-label={action}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        // Otherwise the surrounding dialog would close too.
        event.preventDefault()
        event.stopPropagation()
        onCancel()
      }}
      className="appear mt-3 flex flex-wrap items-center justify-end gap-x-3 gap-y-2.5 rounded-xl bg-sunken py-2.5 pr-2.5 pl-3.5 outline-none"
    >
      <div className="min-w-[min(100%,14rem)] flex-1 text-sm leading-5">{children}</div>
      <div className="flex gap-2">
        <Button look="quiet" onClick={onCancel} disabled={isBusy} className="h-9">
          {cancel}
        </Button>
        <Button look={look} onClick={confirm} isBusy={isBusy} className="h-9">
          {action}
        </Button>
      </div>
    </div>
  )
}

function useFocusWhileHere() {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const before = document.activeElement
    ref.current?.focus({ preventScroll: true })
    ref.current?.scrollIntoView({ block: 'nearest' })
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  return ref
}
