import { useState } from 'react'
import { Confirm } from '../../ui/confirm.tsx'
import { Select } from '../../ui/select.tsx'

const OVERLAPS: readonly [seconds: number, label: string][] = [
  [0, 'ends now'],
  [3_600, 'works for an hour'],
  [86_400, 'works for a day'],
  [604_800, 'works for a week'],
  [2_592_000, 'works for 30 days'],
]

interface RotateQuestionProps {
  onRotate: (overlapSeconds: number) => Promise<unknown>
  onCancel: () => void
}

/** How long two keys work side by side, so that what uses the old one can be changed in peace. */
export function RotateQuestion({ onRotate, onCancel }: RotateQuestionProps) {
  const [overlap, setOverlap] = useState(86_400)
  return (
    <Confirm action="Replace" look="primary" onCancel={onCancel} onConfirm={() => onRotate(overlap)}>
      <label className="flex flex-wrap items-center gap-x-2.5 gap-y-1.5">
        Make a new key; the old one
        <Select
          value={overlap}
          onChange={(event) => setOverlap(Number(event.target.value))}
          className="h-9 rounded-lg"
        >
          {OVERLAPS.map(([seconds, label]) => (
            <option key={seconds} value={seconds}>
              {label}
            </option>
          ))}
        </Select>
      </label>
    </Confirm>
  )
}
