import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { Instance, KeyScope } from '../../../contract/index.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { day, listed } from '../../ui/format.ts'
import { type ScopeForm, UNRESTRICTED, scopeOf, scopeText } from './scope.ts'
import { ScopeFields } from './scope-fields.tsx'

interface KeyFormProps {
  instance: Instance
  isBusy: boolean
  onSubmit: (key: KeyScope & { name: string }) => void
  onCancel: () => void
}

/** A name and optional restrictions, summed up in a sentence. */
export function KeyForm({ instance, isBusy, onSubmit, onCancel }: KeyFormProps) {
  const [name, setName] = useState('')
  const [form, setForm] = useState<ScopeForm>(UNRESTRICTED)
  const [openedAtMs] = useState(() => Date.now())
  return (
    <form
      className="appear space-y-4 rounded-2xl border border-line p-4"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit({ name: name.trim(), ...scopeOf(form, Date.now()) })
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
      <details className="group">
        <summary className="flex w-fit list-none items-center gap-1.5 rounded-lg pr-2 text-sm font-medium select-none hover:text-accent">
          <ChevronRight className="size-4 transition-transform group-open:rotate-90" aria-hidden />
          Restrict
        </summary>
        <ScopeFields instance={instance} form={form} onChange={setForm} />
      </details>
      <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-3">
        <p aria-live="polite" className="min-w-[min(100%,14rem)] flex-1 text-[13px] leading-5 text-muted">
          {sentenceOn(scopeOf(form, openedAtMs))}
        </p>
        <div className="flex gap-2">
          <Button look="quiet" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" look="primary" isBusy={isBusy}>
            Create
          </Button>
        </div>
      </div>
    </form>
  )
}

function sentenceOn(scope: KeyScope): string {
  const what = scopeText({ ...scope, per_minute: null, origins: null }) ?? 'every private route'
  const pages = scope.origins?.length ? `, for pages of ${listed(scope.origins)}` : ''
  const rate = scope.per_minute ? `, at most ${scope.per_minute} times per minute` : ''
  const end = scope.expires_at ? `, until ${day(scope.expires_at)}` : ', until you delete it'
  return `This key opens ${what}${pages}${rate}${end}.`
}
