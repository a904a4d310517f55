import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'

interface NameFormProps {
  label: string
  action: string
  hint?: string
  placeholder?: string
  isBusy?: boolean
  onSubmit: (name: string) => void
  onCancel: () => void
}

/** Asks for one name, at the place of the click. */
export function NameForm({ label, action, hint, placeholder, isBusy, onSubmit, onCancel }: NameFormProps) {
  const [name, setName] = useState('')
  return (
    <form
      className="appear flex flex-wrap items-end gap-x-3 gap-y-4 rounded-2xl border border-line bg-card p-4"
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit(name.trim())
      }}
    >
      <Field
        label={label}
        hint={hint}
        placeholder={placeholder}
        required
        pattern=".*\S.*"
        maxLength={64}
        autoFocus
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
        className="min-w-[min(100%,16rem)] flex-1"
      />
      <div className="ml-auto flex gap-2">
        <Button look="quiet" onClick={onCancel} className="h-11">
          Cancel
        </Button>
        <Button type="submit" look="primary" isBusy={isBusy} className="h-11">
          {action}
        </Button>
      </div>
    </form>
  )
}
