import { useId, useState } from 'react'
import type { Instance } from '../../../contract/index.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PathInput } from '../../ui/path-input.tsx'
import { Select } from '../../ui/select.tsx'
import { mountOf } from './mounts.ts'
import { addPrivate } from './overrides.ts'
import { useNarrow } from './use-narrow.ts'

/** A new pattern that stays private. The server rejects invalid patterns. */
export function PrivateForm({ instance, onDone }: { instance: Instance; onDone: () => void }) {
  const narrow = useNarrow(instance.id)
  const id = useId()
  const [micro, setMicro] = useState(primaryOf(instance))
  const [pattern, setPattern] = useState('')
  return (
    <form
      className="appear space-y-3 rounded-xl border border-line p-4"
      onSubmit={(event) => {
        event.preventDefault()
        narrow.mutate({ change: addPrivate({ micro, pattern: pattern.trim() }) }, { onSuccess: onDone })
      }}
    >
      <label htmlFor={id} className="block text-sm font-medium">
        Paths to keep private
      </label>
      <div className="flex flex-wrap gap-2">
        {instance.micros.length > 1 && (
          <Select
            aria-label="Micro"
            value={micro}
            onChange={(event) => setMicro(event.target.value)}
            className="h-11 rounded-xl"
          >
            {instance.micros.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        )}
        <PathInput
          id={id}
          prefix={mountOf(instance, micro)}
          placeholder="/admin/*"
          aria-describedby={`${id}-hint`}
          required
          autoFocus
          value={pattern}
          onChange={(event) => setPattern(event.target.value)}
          className="min-w-[min(100%,14rem)] flex-1"
        />
      </div>
      <p id={`${id}-hint`} className="text-[13px] leading-5 text-muted">
        <code className="font-mono">*</code> matches any characters, slashes included.
      </p>
      {narrow.error && <Notice tone="danger">{narrow.error.message}</Notice>}
      <div className="flex justify-end gap-2">
        <Button look="quiet" onClick={onDone}>
          Cancel
        </Button>
        <Button look="primary" type="submit" isBusy={narrow.isPending}>
          Keep private
        </Button>
      </div>
    </form>
  )
}

const primaryOf = ({ micros }: Instance): string =>
  (micros.find(({ primary }) => primary) ?? micros[0])?.name ?? ''
