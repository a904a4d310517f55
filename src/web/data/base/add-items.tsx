import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { JsonArea } from './json-area.tsx'
import { type Item, parseItems } from './value.ts'

interface AddItemsProps {
  onAdd: (items: readonly Item[]) => void
  onClose: () => void
}

const START = '{\n  "key": ""\n}'

/** One item or several, as JSON; they are drafts until they are saved. */
export function AddItems({ onAdd, onClose }: AddItemsProps) {
  const [text, setText] = useState(START)
  const parsed = parseItems(text)
  const problem = 'problem' in parsed ? parsed.problem : null
  const items = 'items' in parsed ? parsed.items : []
  return (
    <Dialog title="Add items" onClose={onClose} size="wide">
      <form
        className="space-y-3 overflow-y-auto px-5 pb-5"
        onSubmit={(event) => {
          event.preventDefault()
          if (problem !== null) return
          onAdd(items)
          onClose()
        }}
      >
        <p className="text-sm text-muted">
          One object, or a list of objects. An item without a key gets a random one.
        </p>
        <JsonArea label="New items as JSON" text={text} problem={problem} rows={12} onChange={setText} />
        <div className="flex justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" look="primary" disabled={problem !== null}>
            {items.length > 1 ? `Add ${items.length} items` : 'Add item'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
