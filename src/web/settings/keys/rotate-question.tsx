import { useState } from 'react'
import { Confirm } from '../../ui/confirm.tsx'
import { Select } from '../../ui/select.tsx'

const OVERLAPS: readonly [seconds: number, label: string][] = [
  [0, 'stops working now'],
  [3_600, 'works for an hour'],
  [86_400, 'works for a day'],
  [604_800, 'works for a week'],
  [2_592_000, 'works for 30 days'],
]

interface RotateQuestionProps {
  onRotate: (overlapSeconds: number) => Promise<unknown>
  onCancel: () => void
}

/** How long the old key works beside the new one, so that its users have time to change over. */
export function RotateQuestion({ onRotate, onCancel }: RotateQuestionProps) {
  const [overlap, setOverlap] = useState(86_400)
  return (
    <Confirm action="Rotate" look="primary" onCancel={onCancel} onConfirm={() => onRotate(overlap)}>
      <label className="flex flex-wrap items-center gap-x-2.5 gap-y-1.5">
        Create a new key. The old key
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
