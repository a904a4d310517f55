import { type Dispatch, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import type { DraftAction } from './drafts.ts'
import { withItem } from './edit-row.ts'
import { JsonArea } from './json-area.tsx'
import type { Row } from './use-base-table.ts'
import { parseItems } from './value.ts'

interface ItemDialogProps {
  row: Row
  isEditable: boolean
  dispatch: Dispatch<DraftAction>
  onClose: () => void
}

/** A whole item as JSON. */
export function ItemDialog({ row, isEditable, dispatch, onClose }: ItemDialogProps) {
  const [text, setText] = useState(() => JSON.stringify(row.item, null, 2))
  const parsed = parseRow(row, text)
  const problem = 'problem' in parsed ? parsed.problem : null
  return (
    <Dialog
      title={<span className="block truncate">{String(row.item['key'] ?? 'New item')}</span>}
      onClose={onClose}
      size="wide"
    >
      <form
        className="space-y-3 overflow-y-auto px-5 pt-1 pb-5"
        onSubmit={(event) => {
          event.preventDefault()
          if ('problem' in parsed) return
          dispatch(withItem(row, parsed.items[0]!))
          onClose()
        }}
      >
        <JsonArea
          label="Item as JSON"
          text={text}
          problem={problem}
          rows={16}
          isReadOnly={!isEditable}
          onChange={setText}
        />
        <div className="flex flex-wrap items-center justify-end gap-2">
          <span className="mr-auto flex items-center gap-2">
            <CopyButton text={text} label="Copy JSON" />
            {row.kind === 'added' && (
              <Button
                look="quiet"
                className="text-danger"
                onClick={() => {
                  dispatch({ do: 'removeAdded', at: row.at })
                  onClose()
                }}
              >
                Discard item
              </Button>
            )}
          </span>
          <Button look="quiet" onClick={onClose}>
            {isEditable ? 'Cancel' : 'Close'}
          </Button>
          {isEditable && (
            <Button type="submit" look="primary" disabled={problem !== null}>
              Apply
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  )
}

function parseRow(row: Row, text: string): ReturnType<typeof parseItems> {
  const parsed = parseItems(text)
  if ('problem' in parsed) return parsed
  if (parsed.items.length !== 1) return { problem: 'Enter one object.' }
  if (row.kind === 'stored' && parsed.items[0]!['key'] !== row.key)
    return { problem: `The key of a stored item stays ${JSON.stringify(row.key)}. Add another item instead.` }
  return parsed
}
