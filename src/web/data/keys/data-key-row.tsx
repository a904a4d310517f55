import { useMutation } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { DataKey } from '../../../contract/index.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { ago, day } from '../../ui/format.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { limitsText } from './limits.ts'

interface DataKeyRowProps {
  collectionId: string
  dataKey: DataKey
  onDeleted: () => Promise<void>
}

const HOLDERS: Record<DataKey['kind'], string | null> = {
  app: 'the app has it',
  project: 'a command line has it',
  user: null,
}

export function DataKeyRow({ collectionId, dataKey, onDeleted }: DataKeyRowProps) {
  const [isAsking, setAsking] = useState(false)
  const { id, name, kind, created_at: created, last_used_at: last } = dataKey
  const remove = useMutation({
    mutationFn: () => api('DELETE /collections/:id/keys/:key', { params: { id: collectionId, key: id } }),
    onSuccess: onDeleted,
  })
  const facts = [HOLDERS[kind], `created ${day(created)}`, last ? `last used ${ago(last)}` : 'never used']
  return (
    <li className="py-2 pr-2.5 pl-4 text-sm">
      <div className="flex items-center gap-1">
        <div className="min-w-0 flex-1 py-1">
          <p className="truncate font-medium">{name}</p>
          <p className="text-[13px] leading-5 break-words">{limitsText(dataKey)}</p>
          <p className="text-[13px] leading-5 text-muted">
            {facts.filter((fact) => fact !== null).join(' · ')}
          </p>
        </div>
        {kind !== 'app' && (
          <IconButton
            icon={Trash2}
            tone="danger"
            label={`Revoke ${name}`}
            isPressed={isAsking}
            onClick={() => setAsking(!isAsking)}
          />
        )}
      </div>
      {isAsking && (
        <Confirm
          action="Revoke"
          cancel="Keep"
          onCancel={() => setAsking(false)}
          onConfirm={() => remove.mutateAsync()}
        >
          Requests with this key are refused at once.
        </Confirm>
      )}
      {remove.error && <Notice tone="danger">{remove.error.message}</Notice>}
    </li>
  )
}
