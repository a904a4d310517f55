import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { logsQuery } from '../api/queries.ts'
import type { Instance, LogEntry } from '../../contract/index.ts'
import { Notice } from '../ui/notice.tsx'
import { Empty } from './section.tsx'

export function LogsTab({ instance }: { instance: Instance }) {
  const [micro, setMicro] = useState<string | null>(null)
  const { data: lines, error } = useQuery(logsQuery(instance.id, micro))
  return (
    <>
      <div className="mb-4 flex items-center justify-between gap-4">
        <p className="text-sm text-muted">Output of the app, newest first.</p>
        {instance.micros.length > 1 && (
          <select
            aria-label="Micro"
            value={micro ?? ''}
            onChange={(event) => setMicro(event.target.value || null)}
            className="h-9 rounded-lg border border-line-strong bg-card px-2.5 text-sm"
          >
            <option value="">All micros</option>
            {instance.micros.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </div>
      {error && <Notice tone="danger">{error.message}</Notice>}
      {lines?.length === 0 && <Empty>No output yet. New output appears here within seconds.</Empty>}
      {lines && lines.length > 0 && (
        <ol className="overflow-x-auto rounded-xl border border-line bg-sunken py-2 font-mono text-[12.5px] leading-5">
          {lines.map((line, index) => (
            <Line key={`${line.timestamp} ${index}`} line={line} />
          ))}
        </ol>
      )}
    </>
  )
}

const Line = ({ line }: { line: LogEntry }) => (
  <li className="flex gap-3 px-4 hover:bg-line/50">
    <time dateTime={line.timestamp} title={line.timestamp} className="shrink-0 text-muted">
      {new Date(line.timestamp).toLocaleTimeString()}
    </time>
    <span className="shrink-0 text-accent">{line.micro_name}</span>
    <span className={`whitespace-pre-wrap ${line.event_type === 'stderr' ? 'text-danger' : ''}`}>
      {line.msg}
    </span>
  </li>
)
