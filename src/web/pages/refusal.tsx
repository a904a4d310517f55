import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useRouteContext } from '@tanstack/react-router'
import { ApiError } from '../api/client.ts'
import { refusalQuery } from '../api/queries.ts'
import type { Explanation } from '../../contract/index.ts'
import { ExplanationView } from '../explanation/explanation-view.tsx'
import { TopBar } from '../horizon/top-bar.tsx'
import { ago } from '../ui/format.ts'
import { Loading } from '../ui/loading.tsx'
import { Problem } from '../ui/problem.tsx'
import { useTitle } from '../ui/title.ts'

/** Explains a refusal to the owner of the app; linked from the refusal's page. */
export function RefusalPage() {
  const { user } = useRouteContext({ from: '/signed-in' })
  const { id } = useParams({ from: '/signed-in/refusals/$id' })
  const { data: refusal, error, refetch } = useQuery(refusalQuery(id))
  useTitle('Refused request')
  return (
    <>
      <TopBar user={user} />
      <main className="mx-auto max-w-2xl px-5 pt-8 pb-20 sm:px-8">
        <h1 className="text-2xl font-semibold tracking-tight">Why this request was refused</h1>
        <p className="mt-1 mb-6 text-sm text-muted">
          Refusal <code className="font-mono text-[13px] break-all">{id}</code>
          {refusal?.at && `, ${ago(refusal.at)}`}
        </p>
        {!refusal && !error && <Loading rows={3} />}
        {error && (isUnknown(error) ? <Unknown /> : <Problem error={error} onRetry={() => void refetch()} />)}
        {refusal && <Known refusal={refusal} />}
      </main>
    </>
  )
}

const isUnknown = (error: Error) => error instanceof ApiError && error.status === 404

function Known({ refusal }: { refusal: Explanation }) {
  return (
    <>
      <p className="mb-3 font-mono text-[13px] leading-5 break-all">
        <strong className="font-semibold">{refusal.method}</strong> {refusal.url}
      </p>
      <ExplanationView explanation={refusal} />
      {refusal.instance && (
        <p className="mt-6 text-sm">
          <Link
            to="/"
            search={{ app: refusal.instance.id, tab: 'access' }}
            className="font-medium text-accent hover:underline"
          >
            Access of {refusal.instance.app_name}
          </Link>
        </p>
      )}
    </>
  )
}

const Unknown = () => (
  <div className="rounded-xl border border-dashed border-line-strong px-5 py-8 text-center text-sm text-muted">
    Refusal not found. It may concern an app of another person, or be too old: the server keeps the most
    recent refusals only.
  </div>
)
