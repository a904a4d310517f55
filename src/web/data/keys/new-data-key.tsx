import { useEffect, useRef } from 'react'
import type { NewDataKey } from '../../../contract/index.ts'
import { CopyBox } from '../../ui/copy.tsx'
import { Notice } from '../../ui/notice.tsx'

/** A key whose value is shown once. */
export function NewDataKeyBox({ dataKey }: { dataKey: NewDataKey }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => void box.current?.scrollIntoView({ block: 'nearest' }), [])
  return (
    <div ref={box} className="space-y-3 rounded-2xl border border-line bg-card p-4">
      <Notice tone="warn">Copy the key now. It is shown only once.</Notice>
      <CopyBox text={dataKey.value} label="Copy key" />
    </div>
  )
}
