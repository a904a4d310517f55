import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { day } from '../ui/format.ts'

export interface SecretRow {
  id: string
  name: string
  created_at: string
  date: string
}

interface SecretTableProps<Row extends SecretRow> {
  rows: Row[]
  dateLabel: string
  onDelete: (row: Row) => Promise<unknown>
}

/** Named secrets, each with a delete that asks once more in its own row. */
export function SecretTable<Row extends SecretRow>({ rows, dateLabel, onDelete }: SecretTableProps<Row>) {
  return (
    <ul className="divide-y divide-line rounded-xl border border-line">
      {rows.map((row) => (
        <SecretItem key={row.id} row={row} dateLabel={dateLabel} onDelete={() => onDelete(row)} />
      ))}
    </ul>
  )
}

function SecretItem({
  row,
  dateLabel,
  onDelete,
}: {
  row: SecretRow
  dateLabel: string
  onDelete: () => Promise<unknown>
}) {
  const [isAsking, setAsking] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const confirm = () => {
    setBusy(true)
    onDelete().catch(() => {
      setBusy(false)
      setAsking(false)
    })
  }
  return (
    <li className="flex min-h-14 items-center gap-3 px-4 py-2 text-sm">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{row.name}</p>
        <p className="text-[13px] text-muted">
          {dateLabel} {day(row.date)}
        </p>
      </div>
      {isAsking ? (
        <>
          <Button look="quiet" onClick={() => setAsking(false)} disabled={isBusy}>
            Keep
          </Button>
          <Button look="danger" onClick={confirm} isBusy={isBusy} autoFocus>
            Delete
          </Button>
        </>
      ) : (
        <button
          type="button"
          aria-label={`Delete ${row.name}`}
          onClick={() => setAsking(true)}
          className="grid size-9 place-items-center rounded-lg text-muted hover:bg-danger-soft hover:text-danger"
        >
          <Trash2 className="size-4" aria-hidden />
        </button>
      )}
    </li>
  )
}
