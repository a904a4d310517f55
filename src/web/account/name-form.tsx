import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'

interface NameFormProps {
  label: string
  placeholder: string
  isBusy: boolean
  onSubmit: (name: string) => void
  onCancel: () => void
}

export function NameForm({ label, placeholder, isBusy, onSubmit, onCancel }: NameFormProps) {
  const [name, setName] = useState('')
  return (
    <form
      className="appear flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit(name.trim())
      }}
    >
      <Field
        label={label}
        placeholder={placeholder}
        required
        maxLength={64}
        autoFocus
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
        className="min-w-48 flex-1"
      />
      <Button type="submit" look="primary" isBusy={isBusy} className="h-11">
        Create
      </Button>
      <Button look="quiet" onClick={onCancel} className="h-11">
        Cancel
      </Button>
    </form>
  )
}
