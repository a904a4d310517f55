import { useMutation } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client.ts'
import type { AccessToken } from '../../contract/index.ts'
import { Confirm } from '../ui/confirm.tsx'
import { day } from '../ui/format.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Notice } from '../ui/notice.tsx'
import { SCOPE_TEXT } from './token-scope.ts'

const endOf = ({ expires_at, ends_at }: AccessToken) =>
  expires_at === ends_at ? `expires ${day(expires_at)}` : `expires ${day(expires_at)} unless used`

export function TokenRow({ token, onDeleted }: { token: AccessToken; onDeleted: () => Promise<void> }) {
  const [isAsking, setAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () => api('DELETE /access-tokens/:id', { params: { id: token.id } }),
    onSuccess: onDeleted,
  })
  return (
    <li className="py-2 pr-2.5 pl-4 text-sm">
      <div className="flex items-center gap-1">
        <div className="min-w-0 flex-1 py-1">
          <p className="truncate font-medium">{token.name}</p>
          <p className="text-[13px] leading-5 text-muted">
            {SCOPE_TEXT[token.scope]} · {endOf(token)}
          </p>
        </div>
        <IconButton
          icon={Trash2}
          tone="danger"
          label={`Delete ${token.name}`}
          isPressed={isAsking}
          onClick={() => setAsking(!isAsking)}
        />
      </div>
      {isAsking && (
        <div className="pr-1.5 pb-1.5">
          <Confirm
            action="Delete"
            cancel="Keep"
            onCancel={() => setAsking(false)}
            onConfirm={() => remove.mutateAsync()}
          >
            The command line that uses this token is logged out.
          </Confirm>
        </div>
      )}
      {remove.error && <Notice tone="danger">{remove.error.message}</Notice>}
    </li>
  )
}
