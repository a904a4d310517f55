import { useState } from 'react'
import { ApiError } from '../../api/client.ts'
import type { Instance } from '../../../contract/index.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useDomains } from './use-domains.ts'

/** A new domain. A domain of another app moves only after a second confirmation by its owner. */
export function DomainForm({ instance, onDone }: { instance: Instance; onDone: () => void }) {
  const { add } = useDomains(instance.id)
  const [name, setName] = useState('')
  const isTaken = add.error instanceof ApiError && add.error.code === 'in_use'
  return (
    <form
      className="appear space-y-4 rounded-2xl border border-line p-4"
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate({ name: name.trim(), assign_anyway: isTaken }, { onSuccess: onDone })
      }}
    >
      <Field
        label="Domain"
        placeholder="notes.example.org"
        hint="A domain whose DNS records you can change. The next step shows the records to add."
        required
        autoFocus
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        inputMode="url"
        value={name}
        onChange={(event) => {
          setName(event.target.value)
          add.reset()
        }}
      />
      {add.error && <Notice tone={isTaken ? 'warn' : 'danger'}>{add.error.message}</Notice>}
      <div className="flex justify-end gap-2">
        <Button look="quiet" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" look="primary" isBusy={add.isPending}>
          {isTaken ? 'Assign anyway' : 'Add'}
        </Button>
      </div>
    </form>
  )
}
