import { Maximize2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { FieldDialog } from './field-dialog.tsx'
import { editText, parseAs, typeOf } from './value.ts'

interface CellEditorProps {
  name: string
  value: unknown
  /** Undefined removes the field. */
  onChange: (value: unknown) => void
  onOpen: () => void
  /** With the key that leads to the next cell. */
  onEnd: (move?: string) => void
}

/** Text, numbers and booleans are edited in place; other values, and another type, in a dialog. */
export function CellEditor({ name, value, onChange, onEnd }: CellEditorProps) {
  const type = value === undefined ? 'text' : typeOf(value)
  const [text, setText] = useState(() => editText(value))
  const isSimple = type === 'text' || type === 'number' || type === 'boolean'
  const [isExpanded, setExpanded] = useState(!isSimple || text.includes('\n'))
  const parsed = parseAs(type, text)
  const problem = 'problem' in parsed ? parsed.problem : null
  /** Removing the input moves the focus, which must not commit again. */
  const isEnded = useRef(false)
  const end = (move?: string) => {
    if (isEnded.current) return
    isEnded.current = true
    onEnd(move)
  }
  const commit = (move?: string) => {
    if (problem !== null || isEnded.current) return
    // An untouched empty cell stays without a value.
    if ('value' in parsed && parsed.value !== value && !(value === undefined && text === ''))
      onChange(parsed.value)
    end(move)
  }
  const expand = () => {
    isEnded.current = true
    setExpanded(true)
  }
  const typed = text !== editText(value) && 'value' in parsed ? parsed.value : value
  if (isExpanded)
    return (
      <FieldDialog
        name={name}
        value={typed}
        onChange={(next) => {
          onChange(next)
          onEnd()
        }}
        onClose={() => onEnd()}
      />
    )
  return (
    <div role="gridcell" className="relative z-30 flex border-l border-line bg-card">
      <input
        aria-label={`Value of ${name}`}
        aria-invalid={problem !== null}
        title={problem ?? undefined}
        autoFocus
        spellCheck={false}
        inputMode={type === 'number' ? 'decimal' : undefined}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={() => (problem === null ? commit() : end())}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Escape') end()
          else if (event.key === 'Enter') commit('ArrowDown')
          else if (event.key === 'Tab') commit(event.shiftKey ? 'ArrowLeft' : 'ArrowRight')
          else return
          event.preventDefault()
        }}
        className="h-full min-w-0 flex-1 bg-transparent px-3 outline-2 -outline-offset-2 outline-accent aria-invalid:outline-danger"
      />
      {name !== 'key' && (
        <button
          type="button"
          tabIndex={-1}
          aria-label={`More about ${name}`}
          title="Another type, or a longer text"
          onPointerDown={(event) => event.preventDefault()}
          onClick={expand}
          className="absolute top-1.5 right-1.5 grid size-6 place-items-center rounded-md bg-card text-muted hover:bg-sunken hover:text-ink"
        >
          <Maximize2 className="size-3.5" aria-hidden />
        </button>
      )}
      {problem !== null && (
        <p
          role="alert"
          className="absolute top-full left-0 z-30 mt-1 rounded-lg border border-line bg-card px-2.5 py-1.5 text-xs whitespace-nowrap text-danger shadow-float"
        >
          {problem}
        </p>
      )}
    </div>
  )
}
