import { useMutation } from '@tanstack/react-query'
import { RotateCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { ApiKey, Instance, NewApiKey } from '../../../contract/index.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { ago, count, day } from '../../ui/format.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { RotateQuestion } from './rotate-question.tsx'
import { isEnded, scopeText } from './scope.ts'

interface KeyRowProps {
  instance: Instance
  apiKey: ApiKey
  onRotated: (key: NewApiKey) => Promise<void>
  onDeleted: () => Promise<void>
}

/** One key: its scope, use and expiry; rotated or deleted in its own row. */
export function KeyRow({ instance, apiKey, onRotated, onDeleted }: KeyRowProps) {
  const [asking, setAsking] = useState<'delete' | 'rotate' | null>(null)
  const params = { id: instance.id, key: apiKey.id }
  const remove = useMutation({
    mutationFn: () => api('DELETE /instances/:id/api_keys/:key', { params }),
    onSuccess: onDeleted,
  })
  const rotate = useMutation({
    mutationFn: (overlapSeconds: number) =>
      api('POST /instances/:id/api_keys/:key/rotate', { params, body: { overlap_seconds: overlapSeconds } }),
    onSuccess: onRotated,
  })
  const toggle = (question: 'delete' | 'rotate') => setAsking(asking === question ? null : question)
  const error = remove.error ?? rotate.error
  const scope = scopeText(apiKey)
  return (
    <li className="py-2 pr-2.5 pl-4 text-sm">
      <div className="flex items-center gap-1">
        <div className="min-w-0 flex-1 py-1">
          <p className="truncate font-medium">{apiKey.name}</p>
          {scope && <p className="text-[13px] leading-5 break-words">{scope}</p>}
          <p className="text-[13px] leading-5 text-muted">{lifeOf(apiKey).join(' · ')}</p>
        </div>
        {!isEnded(apiKey) && (
          <IconButton
            icon={RotateCw}
            label={`Rotate ${apiKey.name}`}
            isPressed={asking === 'rotate'}
            onClick={() => toggle('rotate')}
          />
        )}
        <IconButton
          icon={Trash2}
          tone="danger"
          label={`Delete ${apiKey.name}`}
          isPressed={asking === 'delete'}
          onClick={() => toggle('delete')}
        />
      </div>
      {asking === 'delete' && (
        <div className="pr-1.5 pb-1.5">
          <Confirm
            action="Delete"
            cancel="Keep"
            onCancel={() => setAsking(null)}
            onConfirm={() => remove.mutateAsync()}
          >
            Requests with this key are refused at once.
          </Confirm>
        </div>
      )}
      {asking === 'rotate' && (
        <div className="pr-1.5 pb-1.5">
          <RotateQuestion
            onRotate={(overlap) => rotate.mutateAsync(overlap)}
            onCancel={() => setAsking(null)}
          />
        </div>
      )}
      {error && <Notice tone="danger">{error.message}</Notice>}
    </li>
  )
}

const lifeOf = (key: ApiKey): string[] => [
  `created ${day(key.created_at)}`,
  ...usesOf(key),
  ...(key.expires_at ? [`${isEnded(key) ? 'expired' : 'expires'} ${ago(key.expires_at)}`] : []),
]

/** Empty when the server does not count uses. */
function usesOf({ uses, last_used_at: last }: ApiKey): string[] {
  if (last) return [`${count(uses ?? 0, 'use')}, last ${ago(last)}`]
  return uses === undefined ? [] : ['never used']
}
