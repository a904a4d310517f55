import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Instance, PrivatePattern } from '../../../contract/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../section.tsx'
import { mountOf, outsideOf } from './mounts.ts'
import { removePrivate } from './overrides.ts'
import { PrivateForm } from './private-form.tsx'
import { useNarrow } from './use-narrow.ts'

/** Paths that stay private in spite of public rules: set by the Spacefile or by the owner, who can remove their own. */
export function PrivatePatterns({
  instance,
  patterns,
}: {
  instance: Instance
  patterns: readonly PrivatePattern[]
}) {
  const [isAdding, setAdding] = useState(false)
  const button = !isAdding && (
    <Button onClick={() => setAdding(true)}>
      <Plus className="size-4" aria-hidden />
      Keep a path private
    </Button>
  )
  return (
    <Section
      title="Always private"
      intro="These paths stay private, even if a public route or an update of the app would open them."
      action={button}
    >
      <div className="space-y-3">
        {isAdding && <PrivateForm instance={instance} onDone={() => setAdding(false)} />}
        {patterns.length > 0 && (
          <ul aria-label="Private patterns" className="divide-y divide-line rounded-xl border border-line">
            {patterns.map((pattern) => (
              <PatternRow
                key={`${pattern.by} ${pattern.micro} ${pattern.pattern}`}
                instance={instance}
                pattern={pattern}
              />
            ))}
          </ul>
        )}
      </div>
    </Section>
  )
}

function PatternRow({ instance, pattern }: { instance: Instance; pattern: PrivatePattern }) {
  const narrow = useNarrow(instance.id)
  const [isAsking, setAsking] = useState(false)
  const outside = outsideOf(pattern.pattern, mountOf(instance, pattern.micro))
  return (
    <li className="px-4 py-1.5 text-sm">
      <div className="flex min-h-9 items-center gap-3">
        <code className="min-w-0 flex-1 font-mono text-[13px] leading-5 break-all">{outside}</code>
        {instance.micros.length > 1 && <span className="text-muted">{pattern.micro}</span>}
        {pattern.by === 'owner' ? (
          <IconButton
            icon={Trash2}
            tone="danger"
            label={`Remove ${outside}`}
            isPressed={isAsking}
            onClick={() => setAsking(!isAsking)}
          />
        ) : (
          <span className="rounded-md bg-sunken px-1.5 py-0.5 text-xs text-muted">Spacefile</span>
        )}
      </div>
      {isAsking && (
        <div className="pb-1.5">
          <Confirm
            action="Remove"
            cancel="Keep"
            onCancel={() => setAsking(false)}
            onConfirm={() => narrow.mutateAsync({ change: removePrivate(pattern) })}
          >
            Public routes will apply to these paths again.
          </Confirm>
        </div>
      )}
      {narrow.error && <Notice tone="danger">{narrow.error.message}</Notice>}
    </li>
  )
}
