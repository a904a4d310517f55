import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Select } from '../../ui/select.tsx'
import { FIELD_TYPES, type FieldType, editText, parseAs, typeOf } from './value.ts'
import { JsonArea } from './json-area.tsx'

interface FieldDialogProps {
  name: string
  value: unknown
  /** Undefined removes the field. */
  onChange: (value: unknown) => void
  onClose: () => void
}

const EMPTY: Record<FieldType, string> = {
  text: '',
  number: '0',
  boolean: 'true',
  list: '[]',
  object: '{}',
  null: '',
}

/** One value, of any type. */
export function FieldDialog({ name, value, onChange, onClose }: FieldDialogProps) {
  const [type, setType] = useState<FieldType>(value === undefined ? 'text' : typeOf(value))
  const [text, setText] = useState(() => editText(value))
  const parsed = parseAs(type, text)
  const problem = 'problem' in parsed ? parsed.problem : null
  const changeType = (next: FieldType) => {
    // What was typed is kept where it fits.
    if ('problem' in parseAs(next, text) || next === 'null') setText(EMPTY[next])
    setType(next)
  }
  return (
    <Dialog title={name} onClose={onClose}>
      <form
        className="space-y-4 px-5 pt-1 pb-5"
        onSubmit={(event) => {
          event.preventDefault()
          if ('value' in parsed) onChange(parsed.value)
        }}
      >
        <label className="flex items-center gap-3 text-sm">
          Type
          <Select
            value={type}
            onChange={(event) => changeType(event.target.value as FieldType)}
            className="h-9 rounded-lg"
          >
            {FIELD_TYPES.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </Select>
        </label>
        {type !== 'null' && (
          <JsonArea
            label={`Value of ${name}`}
            text={text}
            problem={problem}
            rows={type === 'number' || type === 'boolean' ? 1 : 8}
            onChange={setText}
          />
        )}
        <div className="flex flex-wrap justify-end gap-2">
          {value !== undefined && (
            <Button look="quiet" onClick={() => onChange(undefined)} className="mr-auto text-danger">
              Remove field
            </Button>
          )}
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" look="primary" disabled={problem !== null}>
            Apply
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
