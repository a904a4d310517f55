import { useEffect, useRef } from 'react'
import type { Instance, NewApiKey } from '../../../contract/index.ts'
import { CopyBox } from '../../ui/copy.tsx'
import { Notice } from '../../ui/notice.tsx'
import { scopeText } from './scope.ts'

/** A key whose value is shown once. */
export function NewKey({ instance, apiKey }: { instance: Instance; apiKey: NewApiKey }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => void box.current?.scrollIntoView({ block: 'nearest' }), [])
  return (
    <div ref={box} className="space-y-3 rounded-2xl border border-line p-4">
      <Notice tone="warn">Copy the key now. It is shown only once.</Notice>
      <CopyBox text={apiKey.value} label="Copy key" />
      {scopeText(apiKey) === null && (
        <>
          <p className="text-sm text-muted">Try it:</p>
          <CopyBox
            text={`curl -H "X-Space-App-Key: ${apiKey.value}" ${instance.url}/`}
            label="Copy command"
          />
        </>
      )}
    </div>
  )
}
