import { useRouteContext } from '@tanstack/react-router'
import { AccessTokens } from '../account/access-tokens.tsx'
import { Sessions } from '../account/sessions.tsx'
import { Storage } from '../account/storage.tsx'
import { TopBar } from '../horizon/top-bar.tsx'
import { useTitle } from '../ui/title.ts'

export function AccountPage() {
  const { user } = useRouteContext({ from: '/signed-in' })
  useTitle('Account')
  return (
    <>
      <TopBar user={user} />
      <main className="mx-auto max-w-2xl px-5 pt-8 pb-20 sm:px-8">
        <h1 className="mb-8 text-2xl font-semibold tracking-tight">Account</h1>
        <Sessions />
        <AccessTokens />
        <Storage />
      </main>
    </>
  )
}
