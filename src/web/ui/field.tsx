import { Eye, EyeOff } from 'lucide-react'
import { type InputHTMLAttributes, useId, useState } from 'react'

export interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string
  hint?: string
  isOptional?: boolean
}

const INPUT =
  'h-11 w-full rounded-xl border border-line-strong bg-card px-3.5 text-[15px] placeholder:text-muted/60 focus:border-accent focus:outline-2 focus:outline-offset-0 focus:outline-accent/30'

export function Field({ label, hint, isOptional, className = '', ...input }: FieldProps) {
  const id = useId()
  return (
    <div className={className}>
      <Label id={id} label={label} isOptional={isOptional} />
      <input id={id} aria-describedby={hint ? `${id}-hint` : undefined} className={INPUT} {...input} />
      {hint && <Hint id={id} text={hint} />}
    </div>
  )
}

export function PasswordField({ label, hint, ...input }: FieldProps) {
  const id = useId()
  const [isShown, setShown] = useState(false)
  const Icon = isShown ? EyeOff : Eye
  return (
    <div>
      <Label id={id} label={label} />
      <div className="relative">
        <input
          id={id}
          aria-describedby={hint ? `${id}-hint` : undefined}
          className={`${INPUT} pr-11`}
          {...input}
          type={isShown ? 'text' : 'password'}
        />
        <button
          type="button"
          aria-label={isShown ? 'Hide password' : 'Show password'}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
          className="absolute inset-y-0 right-0 grid w-11 place-items-center rounded-xl text-muted hover:text-ink"
        >
          <Icon className="size-4" aria-hidden />
        </button>
      </div>
      {hint && <Hint id={id} text={hint} />}
    </div>
  )
}

function Label({ id, label, isOptional }: { id: string; label: string; isOptional?: boolean }) {
  return (
    <label htmlFor={id} className="mb-1.5 flex justify-between text-sm font-medium">
      {label}
      {isOptional && <span className="font-normal text-muted">optional</span>}
    </label>
  )
}

const Hint = ({ id, text }: { id: string; text: string }) => (
  <p id={`${id}-hint`} className="mt-1.5 text-[13px] leading-5 text-muted">
    {text}
  </p>
)
