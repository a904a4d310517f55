import { useState } from 'react'
import type { DataKeyLimits } from '../../../contract/index.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import type { CollectionNames } from '../queries.ts'
import { limitsText, namesIn } from './limits.ts'

interface DataKeyFormProps {
  names: CollectionNames | undefined
  isBusy: boolean
  onSubmit: (key: DataKeyLimits & { name: string }) => void
  onCancel: () => void
}

/** A name and limits, summed up in a sentence. */
export function DataKeyForm({ names, isBusy, onSubmit, onCancel }: DataKeyFormProps) {
  const [name, setName] = useState('')
  const [isReadOnly, setReadOnly] = useState(false)
  const [isLimited, setLimited] = useState(false)
  const [bases, setBases] = useState('')
  const [drives, setDrives] = useState('')
  const limits = isLimited
    ? { bases: namesIn(bases), drives: namesIn(drives) }
    : { bases: null, drives: null }
  const opensNothing = limits.bases?.length === 0 && limits.drives?.length === 0
  return (
    <form
      className="appear space-y-4 rounded-2xl border border-line bg-card p-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (!opensNothing) onSubmit({ name: name.trim(), read_only: isReadOnly, ...limits })
      }}
    >
      <Field
        label="Name of the key"
        placeholder="backup script"
        required
        maxLength={64}
        autoFocus
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <div className="space-y-2.5 text-sm">
        <Check isOn={isReadOnly} onChange={setReadOnly}>
          Read only
        </Check>
        <Check isOn={isLimited} onChange={setLimited}>
          Only some Bases and Drives
        </Check>
      </div>
      {isLimited && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="Bases"
            placeholder={names?.bases.slice(0, 2).join(', ') || 'recipes, notes'}
            hint="Names, separated by commas"
            autoComplete="off"
            value={bases}
            onChange={(event) => setBases(event.target.value)}
          />
          <Field
            label="Drives"
            placeholder={names?.drives.slice(0, 2).join(', ') || 'photos'}
            hint="Names, separated by commas"
            autoComplete="off"
            value={drives}
            onChange={(event) => setDrives(event.target.value)}
          />
        </div>
      )}
      <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-3">
        <p aria-live="polite" className="min-w-[min(100%,14rem)] flex-1 text-[13px] leading-5 text-muted">
          {opensNothing
            ? 'Name a Base or a Drive that the key opens.'
            : `This key ${limitsText({ read_only: isReadOnly, ...limits })}, until you revoke it.`}
        </p>
        <div className="flex gap-2">
          <Button look="quiet" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" look="primary" isBusy={isBusy} disabled={opensNothing}>
            Create
          </Button>
        </div>
      </div>
    </form>
  )
}

interface CheckProps {
  isOn: boolean
  onChange: (isOn: boolean) => void
  children: string
}

const Check = ({ isOn, onChange, children }: CheckProps) => (
  <label className="flex w-fit items-center gap-2.5">
    <input
      type="checkbox"
      checked={isOn}
      onChange={(event) => onChange(event.target.checked)}
      className="size-4 accent-(--accent)"
    />
    {children}
  </label>
)
