import { useMutation, useQuery } from '@tanstack/react-query'
import { useRouteContext } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { accessTokensQuery, queryClient } from '../api/queries.ts'
import type { NewAccessToken } from '../api/types.ts'
import { TopBar } from '../horizon/top-bar.tsx'
import { NameForm } from '../settings/name-form.tsx'
import { SecretTable } from '../settings/secret-table.tsx'
import { Empty, Section } from '../settings/section.tsx'
import { Button } from '../ui/button.tsx'
import { CopyBox } from '../ui/copy.tsx'
import { Notice } from '../ui/notice.tsx'

export function AccountPage() {
  const { user } = useRouteContext({ from: '/signed-in' })
  return (
    <>
      <TopBar user={user} />
      <main className="mx-auto max-w-2xl px-5 pt-8 pb-20 sm:px-8">
        <h1 className="mb-8 text-2xl font-semibold tracking-tight">Account</h1>
        <AccessTokens />
      </main>
    </>
  )
}

const refresh = () => queryClient.invalidateQueries(accessTokensQuery)

function AccessTokens() {
  const tokens = useQuery(accessTokensQuery)
  const [isCreating, setCreating] = useState(false)
  const create = useMutation({
    mutationFn: (name: string) => api<NewAccessToken>('POST', '/access-tokens', { name }),
    async onSuccess() {
      setCreating(false)
      await refresh()
    },
  })
  const remove = useMutation({
    mutationFn: (id: string) => api('DELETE', `/access-tokens/${id}`),
    onSuccess: refresh,
  })
  const button = (
    <Button onClick={() => setCreating(true)} disabled={isCreating}>
      <Plus className="size-4" aria-hidden />
      Generate token
    </Button>
  )
  return (
    <Section
      title="Access tokens"
      intro="A token lets a command line act for you, for twelve months."
      action={button}
    >
      <div className="space-y-4">
        {isCreating && (
          <NameForm
            label="Name of the token"
            placeholder="laptop"
            isBusy={create.isPending}
            onSubmit={(name) => create.mutate(name)}
            onCancel={() => setCreating(false)}
          />
        )}
        {(create.error ?? remove.error) && (
          <Notice tone="danger">{(create.error ?? remove.error)?.message}</Notice>
        )}
        {create.data && (
          <div className="space-y-3 rounded-2xl border border-line p-4">
            <Notice tone="warn">Copy the token now: it is shown only this once.</Notice>
            <CopyBox text={create.data.value} label="Copy token" />
          </div>
        )}
        {tokens.data?.length === 0 && !isCreating && (
          <Empty>No tokens. “space login” makes one for you.</Empty>
        )}
        {tokens.data && tokens.data.length > 0 && (
          <SecretTable
            rows={tokens.data.map((token) => ({
              ...token,
              created_at: token.expires_at,
              date: token.expires_at,
            }))}
            dateLabel="Expires"
            onDelete={(row) => remove.mutateAsync(row.id)}
          />
        )}
      </div>
    </Section>
  )
}
