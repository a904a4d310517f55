import { Play } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { parseJson } from './value.ts'

interface QueryBoxProps {
  /** Of the query that was run. */
  error: Error | null
  onRun: (query: unknown) => void
}

/** The server's own words are those that SDKs compare. */
const BAD_QUERY =
  'Bad query: an operator, or the type of its value, is not valid. Operators: ?ne ?lt ?lte ?gt ?gte ?pfx ?r ?contains ?not_contains'

/** A query of the data API, as JSON. */
export function QueryBox({ error, onRun }: QueryBoxProps) {
  const [text, setText] = useState('{}')
  const [problem, setProblem] = useState<string | null>(null)
  const run = () => {
    const parsed = parseJson(text)
    setProblem('problem' in parsed ? parsed.problem : null)
    if ('value' in parsed) onRun(Array.isArray(parsed.value) ? parsed.value : [parsed.value])
  }
  const shown = problem ?? (error?.message === 'Bad query' ? BAD_QUERY : error?.message)
  return (
    <form
      className="appear mt-2 flex flex-wrap items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        run()
      }}
    >
      <div className="min-w-[min(100%,18rem)] flex-1">
        <textarea
          aria-label="Query"
          aria-invalid={shown !== undefined}
          aria-describedby="query-hint"
          rows={3}
          spellCheck={false}
          autoFocus
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
            event.preventDefault()
            run()
          }}
          className="block w-full resize-y rounded-xl border border-line-strong bg-card px-3.5 py-2.5 font-mono text-[13px] leading-5 focus:border-accent focus:outline-2 focus:outline-offset-0 focus:outline-accent/30 aria-invalid:border-danger"
        />
        <p id="query-hint" className="mt-1.5 text-[13px] leading-5">
          {shown === undefined ? (
            <span className="text-muted">
              As in the SDK, for example <code className="font-mono">{'{"age?gt": 30, "city": "Kyiv"}'}</code>
            </span>
          ) : (
            <span role="alert" className="text-danger">
              {shown}
            </span>
          )}
        </p>
      </div>
      <Button type="submit" look="primary">
        <Play className="size-4" aria-hidden />
        Run query
      </Button>
    </form>
  )
}
