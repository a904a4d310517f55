import { useBlocker } from '@tanstack/react-router'
import { Undo2 } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { count } from '../../ui/format.ts'
import { type Drafts, countDrafts } from './drafts.ts'

interface SaveBarProps {
  drafts: Drafts
  isBusy: boolean
  onUndo: () => void
  onSave: () => void
}

/** Shown while there are changes that are not saved; a person is asked before they leave them. */
export function SaveBar({ drafts, isBusy, onUndo, onSave }: SaveBarProps) {
  const amount = countDrafts(drafts)
  useBlocker({
    shouldBlockFn: () => !confirm(`${count(amount, 'item')} not saved. Leave without saving?`),
    enableBeforeUnload: amount > 0,
    disabled: amount === 0,
  })
  if (amount === 0) return null
  return (
    <div className="appear flex flex-wrap items-center gap-2 rounded-2xl border border-line bg-card p-2 pl-4 shadow-float">
      <p role="status" className="flex-1 text-sm">
        {count(amount, 'item')} not saved
      </p>
      <Button look="quiet" onClick={onUndo} disabled={drafts.past.length === 0 || isBusy}>
        <Undo2 className="size-4" aria-hidden />
        Undo
      </Button>
      <Button look="primary" onClick={onSave} isBusy={isBusy}>
        Save {count(amount, 'item')}
      </Button>
    </div>
  )
}
