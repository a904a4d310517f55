import { type ReactNode, useId } from 'react'
import type { Instance } from '../../../contract/index.ts'
import { Field } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import type { ScopeForm } from './scope.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

const LIVES: readonly [days: number | null, label: string][] = [
  [null, 'Never'],
  [1, 'After a day'],
  [7, 'After a week'],
  [30, 'After 30 days'],
  [90, 'After 90 days'],
  [365, 'After a year'],
]

interface ScopeFieldsProps {
  instance: Instance
  form: ScopeForm
  onChange: (form: ScopeForm) => void
}

/** Everything that a key can be restricted to. An empty field does not restrict the key. */
export function ScopeFields({ instance, form, onChange }: ScopeFieldsProps) {
  const paths = useId()
  const origins = useId()
  const life = useId()
  const micros = instance.micros.filter((micro) => micro.api_keys).map(({ name }) => name)
  return (
    <div className="mt-4 space-y-4 border-l-2 border-line pl-4">
      {micros.length > 1 && (
        <Choices
          legend="Micros"
          options={micros}
          chosen={form.micros}
          onChange={(chosen) => onChange({ ...form, micros: chosen })}
        />
      )}
      <Choices
        legend="Methods"
        options={METHODS}
        chosen={form.methods}
        onChange={(chosen) => onChange({ ...form, methods: chosen })}
      />
      <Row id={paths} label="Paths" hint="One pattern per line, relative to the micro’s path.">
        <Lines
          id={paths}
          placeholder="/hooks/*"
          value={form.paths}
          onChange={(value) => onChange({ ...form, paths: value })}
        />
      </Row>
      <Row
        id={origins}
        label="Pages"
        hint="One origin per line. Pages of these origins may use the key and read the responses; other pages are refused. Programs are not affected."
      >
        <Lines
          id={origins}
          placeholder="https://example.org"
          value={form.origins}
          onChange={(value) => onChange({ ...form, origins: value })}
        />
      </Row>
      <div className="grid gap-4 sm:grid-cols-2">
        <Row id={life} label="Expires">
          <Select
            id={life}
            value={form.lifeDays ?? ''}
            onChange={(event) => onChange({ ...form, lifeDays: Number(event.target.value) || null })}
            className="h-11 w-full rounded-xl"
          >
            {LIVES.map(([days, label]) => (
              <option key={label} value={days ?? ''}>
                {label}
              </option>
            ))}
          </Select>
        </Row>
        <Field
          label="Requests per minute"
          placeholder="no limit"
          inputMode="numeric"
          pattern="[1-9][0-9]{0,5}"
          title="A number, such as 60"
          autoComplete="off"
          value={form.perMinute}
          onChange={(event) => onChange({ ...form, perMinute: event.target.value })}
        />
      </div>
    </div>
  )
}

interface LinesProps {
  id: string
  placeholder: string
  value: string
  onChange: (value: string) => void
}

const Lines = ({ id, placeholder, value, onChange }: LinesProps) => (
  <textarea
    id={id}
    aria-describedby={`${id}-hint`}
    rows={2}
    placeholder={placeholder}
    spellCheck={false}
    autoCapitalize="none"
    value={value}
    onChange={(event) => onChange(event.target.value)}
    className="block w-full rounded-xl border border-line-strong bg-card px-3.5 py-2.5 font-mono text-[13px] leading-5 placeholder:text-muted/60 focus:border-accent focus:outline-2 focus:outline-offset-0 focus:outline-accent/30"
  />
)

function Row({
  id,
  label,
  hint,
  children,
}: {
  id: string
  label: string
  hint?: string
  children: ReactNode
}) {
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
        {label}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-[13px] leading-5 text-muted">
          {hint}
        </p>
      )}
    </div>
  )
}

interface ChoicesProps {
  legend: string
  options: readonly string[]
  /** Empty: all. */
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}

const Choices = ({ legend, options, chosen, onChange }: ChoicesProps) => (
  <fieldset>
    <legend className="mb-1.5 text-sm font-medium">
      {legend}
      {chosen.length === 0 && <span className="font-normal text-muted"> all</span>}
    </legend>
    <div className="flex flex-wrap gap-2">
      {options.map((option) => (
        <label
          key={option}
          className="flex h-9 items-center rounded-lg border border-line-strong px-3 text-[13px] font-medium select-none hover:bg-sunken has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent-strong has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
        >
          <input
            type="checkbox"
            className="sr-only"
            checked={chosen.includes(option)}
            onChange={(event) =>
              onChange(
                options.filter((other) => (other === option ? event.target.checked : chosen.includes(other))),
              )
            }
          />
          {option}
        </label>
      ))}
    </div>
  </fieldset>
)
