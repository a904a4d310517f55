import { useId, useState } from 'react'
import type { TokenScope } from '../../contract/index.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { SCOPE_TEXT, SCOPES } from './token-scope.ts'

export interface TokenRequest {
  name: string
  scope: TokenScope
}

interface TokenFormProps {
  isBusy: boolean
  onSubmit: (request: TokenRequest) => void
  onCancel: () => void
}

export function TokenForm({ isBusy, onSubmit, onCancel }: TokenFormProps) {
  const [form, setForm] = useState<TokenRequest>({ name: '', scope: 'all' })
  const scope = useId()
  return (
    <form
      className="appear flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit({ ...form, name: form.name.trim() })
      }}
    >
      <Field
        label="Name of the token"
        placeholder="laptop"
        required
        maxLength={64}
        autoFocus
        autoComplete="off"
        value={form.name}
        onChange={(event) => setForm({ ...form, name: event.target.value })}
        className="min-w-48 flex-1"
      />
      <div className="w-full sm:w-auto">
        <label htmlFor={scope} className="mb-1.5 block text-sm font-medium">
          Access
        </label>
        <Select
          id={scope}
          value={form.scope}
          onChange={(event) => setForm({ ...form, scope: event.target.value as TokenScope })}
          className="h-11 w-full rounded-xl"
        >
          {SCOPES.map((one) => (
            <option key={one} value={one}>
              {SCOPE_TEXT[one]}
            </option>
          ))}
        </Select>
      </div>
      <div className="flex w-full gap-2">
        <Button type="submit" look="primary" isBusy={isBusy} className="h-11">
          Create
        </Button>
        <Button look="quiet" onClick={onCancel} className="h-11">
          Cancel
        </Button>
      </div>
    </form>
  )
}
