import { useMutation, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { SquareTerminal } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { cliLoginQuery } from '../api/queries.ts'
import type { CliLogin } from '../../contract/index.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { ago } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { CardScreen } from '../ui/screen.tsx'

/** Lets a command line act for its owner, who compares the code on both screens first. */
export function ApprovePage() {
  const search = useSearch({ from: '/signed-in/cli' })
  const [typed, setTyped] = useState('')
  const [code, setCode] = useState(search.code ?? '')
  const login = useQuery({ ...cliLoginQuery(code), enabled: code !== '' })

  if (login.data) return <Question login={login.data} />
  return (
    <CardScreen title="Connect a terminal" intro="Enter the code that the terminal shows.">
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          setCode(typed.trim().toUpperCase())
        }}
      >
        <Field
          label="Code"
          placeholder="ABCD-EFGH"
          autoComplete="off"
          spellCheck={false}
          required
          autoFocus
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        {login.error && <Notice tone="danger">{login.error.message}</Notice>}
        <Button look="primary" type="submit" isBusy={login.isFetching} className="h-11 w-full">
          Go on
        </Button>
      </form>
    </CardScreen>
  )
}

function Question({ login }: { login: CliLogin }) {
  const decide = useMutation({
    mutationFn: (verdict: 'approve' | 'deny') =>
      api('POST', `/cli-logins/${login.id}/${verdict}`, { user_code: login.user_code }),
  })
  if (decide.isSuccess) return <Done isApproved={decide.variables === 'approve'} />
  return (
    <CardScreen
      title="Connect this terminal?"
      intro="It will be able to push apps and to manage them for you."
    >
      <div className="rounded-2xl border border-line bg-card p-5 shadow-card">
        <div className="flex items-center gap-3 text-sm text-muted">
          <SquareTerminal className="size-5 shrink-0" aria-hidden />
          <span className="min-w-0 truncate">
            {login.name} · {ago(login.created_at)}
          </span>
        </div>
        <p className="mt-4 text-center font-mono text-3xl font-semibold tracking-[0.12em]">
          {login.user_code}
        </p>
        <p className="mt-3 text-center text-sm text-muted">
          Allow it only if your terminal shows this very code.
        </p>
      </div>
      {decide.error && (
        <div className="mt-4">
          <Notice tone="danger">{decide.error.message}</Notice>
        </div>
      )}
      <div className="mt-5 grid grid-cols-2 gap-3">
        <Button onClick={() => decide.mutate('deny')} disabled={decide.isPending} className="h-11">
          Deny
        </Button>
        <Button
          look="primary"
          onClick={() => decide.mutate('approve')}
          isBusy={decide.isPending}
          className="h-11"
        >
          Allow
        </Button>
      </div>
    </CardScreen>
  )
}

const Done = ({ isApproved }: { isApproved: boolean }) => (
  <CardScreen
    title={isApproved ? 'Connected' : 'Denied'}
    intro={isApproved ? 'Go back to your terminal: it is signed in.' : 'The terminal was told no.'}
  >
    <a href="/" className="text-sm font-medium text-accent hover:underline">
      Go Home
    </a>
  </CardScreen>
)
