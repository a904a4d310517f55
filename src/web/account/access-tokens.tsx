import { useMutation, useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { accessTokensQuery, queryClient } from '../api/queries.ts'
import { Empty, Section } from '../settings/section.tsx'
import { Button } from '../ui/button.tsx'
import { CopyBox } from '../ui/copy.tsx'
import { Loading } from '../ui/loading.tsx'
import { Notice } from '../ui/notice.tsx'
import { Problem } from '../ui/problem.tsx'
import { TokenForm, type TokenRequest } from './token-form.tsx'
import { TokenRow } from './token-row.tsx'

const refresh = () => queryClient.invalidateQueries(accessTokensQuery)

export function AccessTokens() {
  const { data: tokens, error, refetch } = useQuery(accessTokensQuery)
  const [isCreating, setCreating] = useState(false)
  const create = useMutation({
    mutationFn: (request: TokenRequest) => api('POST /access-tokens', { body: request }),
    async onSuccess() {
      setCreating(false)
      await refresh()
    },
  })
  const button = (
    <Button onClick={() => setCreating(true)} disabled={isCreating}>
      <Plus className="size-4" aria-hidden />
      Generate token
    </Button>
  )
  return (
    <Section title="Access tokens" intro="An access token lets a command line act for you." action={button}>
      <div className="space-y-4">
        {isCreating && (
          <TokenForm
            isBusy={create.isPending}
            onSubmit={(request) => create.mutate(request)}
            onCancel={() => setCreating(false)}
          />
        )}
        {create.error && <Notice tone="danger">{create.error.message}</Notice>}
        {create.data && (
          <div className="space-y-3 rounded-2xl border border-line p-4">
            <Notice tone="warn">Copy the token now. It is shown only once.</Notice>
            <CopyBox text={create.data.value} label="Copy token" />
          </div>
        )}
        {!tokens && !error && <Loading />}
        {!tokens && error && <Problem error={error} onRetry={() => void refetch()} />}
        {tokens?.length === 0 && !isCreating && (
          <Empty>No tokens yet. The command “space login” creates one.</Empty>
        )}
        {tokens && tokens.length > 0 && (
          <ul
            aria-label="Access tokens"
            className="divide-y divide-line rounded-xl border border-line bg-card"
          >
            {tokens.map((token) => (
              <TokenRow key={token.id} token={token} onDeleted={refresh} />
            ))}
          </ul>
        )}
      </div>
    </Section>
  )
}
