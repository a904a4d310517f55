import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { SCOPE_TEXT } from '../account/token-scope.ts'
import { api } from '../api/client.ts'
import type { CliLogin } from '../../contract/index.ts'
import { Button } from '../ui/button.tsx'
import { ago } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { CardScreen } from '../ui/screen.tsx'

/** Shows the name, address and scope of a login request before a terminal is connected. */
export function ApproveQuestion({ login }: { login: CliLogin }) {
  const decide = useMutation({
    mutationFn: (verdict: 'approve' | 'deny') =>
      api(`POST /cli-logins/:id/${verdict}`, {
        params: { id: login.id },
        body: { user_code: login.user_code },
      }),
  })
  if (decide.isSuccess) return <Done isApproved={decide.variables === 'approve'} />
  return (
    <CardScreen title="Connect this terminal?">
      <Notice tone="warn">
        Allow this only if you have just run <code className="font-mono text-[13px]">space login</code>{' '}
        yourself. If another person gave you the code, deny it: their terminal would act in your name.
      </Notice>
      <Facts login={login} />
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
          look={login.network === 'other' ? 'plain' : 'primary'}
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

const Facts = ({ login }: { login: CliLogin }) => (
  <dl className="mt-4 divide-y divide-line rounded-2xl border border-line bg-card px-5 text-sm shadow-card">
    <Fact name="Code">
      <span className="font-mono font-semibold tracking-[0.08em]">{login.user_code}</span>
    </Fact>
    <Fact name="From">
      <span className="font-mono text-[13px]">{login.client}</span>
      {login.network === 'same' && (
        <span className="block text-[13px] text-muted">the network of this browser</span>
      )}
      {login.network === 'other' && (
        <strong className="block text-[13px] font-medium text-warn">not the network of this browser</strong>
      )}
    </Fact>
    <Fact name="Requested">{ago(login.created_at)}</Fact>
    <Fact name="Name">“{login.name}”</Fact>
    <Fact name="Access">{SCOPE_TEXT[login.scope]}</Fact>
  </dl>
)

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex gap-4 py-2.5 leading-5">
    <dt className="w-24 shrink-0 text-muted">{name}</dt>
    <dd className="min-w-0 flex-1 wrap-anywhere">{children}</dd>
  </div>
)

const Done = ({ isApproved }: { isApproved: boolean }) => (
  <CardScreen
    title={isApproved ? 'Connected' : 'Denied'}
    intro={
      isApproved
        ? 'Your terminal is logged in. To revoke its access, delete its token under Account.'
        : 'The terminal did not get access.'
    }
  >
    <a href="/" className="text-sm font-medium text-accent hover:underline">
      Open Home
    </a>
  </CardScreen>
)
