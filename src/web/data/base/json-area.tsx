import { useId } from 'react'

interface JsonAreaProps {
  label: string
  text: string
  problem: string | null
  rows: number
  isReadOnly?: boolean
  onChange: (text: string) => void
}

/** Text or JSON in a font of equal widths, with what is wrong with it below. */
export function JsonArea({ label, text, problem, rows, isReadOnly = false, onChange }: JsonAreaProps) {
  const id = useId()
  return (
    <div>
      <textarea
        aria-label={label}
        aria-invalid={problem !== null}
        aria-describedby={id}
        rows={rows}
        autoFocus
        spellCheck={false}
        readOnly={isReadOnly}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        className="block w-full resize-y rounded-xl border border-line-strong bg-card px-3.5 py-2.5 font-mono text-[13px] leading-5 focus:border-accent focus:outline-2 focus:outline-offset-0 focus:outline-accent/30 aria-invalid:border-danger"
      />
      <p
        id={id}
        role={problem === null ? undefined : 'alert'}
        className="mt-1.5 min-h-5 text-[13px] leading-5 break-words text-danger"
      >
        {problem}
      </p>
    </div>
  )
}
