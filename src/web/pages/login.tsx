import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { queryClient, servedNameQuery, statusQuery } from '../api/queries.ts'
import type { User } from '../../contract/index.ts'
import { Button } from '../ui/button.tsx'
import { Field, PasswordField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { CardScreen } from '../ui/screen.tsx'
import { returnTarget } from './return-target.ts'

export function LoginPage() {
  const navigate = useNavigate()
  const { redirect_uri: redirectUri } = useSearch({ from: '/login' })
  /** The person who is signed in when this page opens. */
  const [current] = useState(() => queryClient.getQueryData(statusQuery.queryKey)?.user ?? null)
  const [form, setForm] = useState({ username: '', password: '' })
  const target = returnTarget(redirectUri, location.href)
  const { data: app } = useQuery(servedNameQuery(target.claimedHost))

  const continueToTarget = async () => {
    // Nothing about the person who was signed in before stays in the page.
    queryClient.clear()
    await queryClient.fetchQuery({ ...statusQuery, staleTime: 0 })
    if (target.kind === 'home') await navigate({ href: target.href, replace: true })
    else location.replace(target.href)
  }
  const login = useMutation({
    mutationFn: () => api('POST /session', { body: form }),
    onSuccess: continueToTarget,
  })

  return (
    <CardScreen
      title={current ? 'Switch account' : 'Sign in'}
      intro={
        app ? (
          <>
            to continue to <strong className="font-medium break-all text-ink">{app}</strong>
          </>
        ) : undefined
      }
    >
      {current && <SignedIn user={current} />}
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          login.mutate()
        }}
      >
        <Field
          label="Username or e-mail"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
          value={form.username}
          onChange={(event) => setForm({ ...form, username: event.target.value })}
        />
        <PasswordField
          label="Password"
          autoComplete="current-password"
          required
          value={form.password}
          onChange={(event) => setForm({ ...form, password: event.target.value })}
        />
        {login.error && <Notice tone="danger">{login.error.message}</Notice>}
        <Button look="primary" type="submit" isBusy={login.isPending} className="h-11 w-full">
          Sign in
        </Button>
      </form>
    </CardScreen>
  )
}

/** The person who is signed in now, and stays so until another person signs in. */
const SignedIn = ({ user }: { user: User }) => (
  <div className="mb-6 flex items-center gap-3 rounded-2xl border border-line bg-card py-3 pr-3 pl-4 text-sm shadow-card">
    <span
      aria-hidden
      className="grid size-9 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent uppercase"
    >
      {[...user.username][0]}
    </span>
    <p className="min-w-0 flex-1 leading-5">
      <span className="block text-[13px] text-muted">Signed in as</span>
      <strong className="block truncate font-medium">{user.username}</strong>
    </p>
    <a href="/" className="rounded-lg px-3 py-2 font-medium text-accent hover:bg-sunken">
      Stay signed in
    </a>
  </div>
)
