import type { ServerConfig } from '../config/index.ts'
import { type AccountsTables, hasSeveralPeople } from '../people/index.ts'
import { type Sandbox, detectSandbox } from '../runner/index.ts'
import type { Database } from '../storage/index.ts'

/** The sandbox that this machine offers. Without one, apps of several people run only when the operator allows it. */
export function openSandbox(config: ServerConfig, db: Database<AccountsTables>): Promise<Sandbox> {
  return detectSandbox(config.sandbox, { refuseUnsandboxed: () => refuseUnsandboxed(config, db) })
}

/** Apps without a sandbox can read each other's data, so one person may accept that only for themselves. */
async function refuseUnsandboxed(
  { withoutSandbox }: ServerConfig,
  db: Database<AccountsTables>,
): Promise<string | null> {
  if (withoutSandbox === 'several-people' || !(await hasSeveralPeople(db))) return null
  return (
    'Nothing starts without a sandbox on a server of several people: each app could read the data of all others. ' +
    'Run npx space doctor to see what the sandbox needs, or start the server with --without-sandbox several-people.'
  )
}

/** What the operator should know of the sandbox. */
export async function sandboxNotices(sandbox: Sandbox): Promise<readonly string[]> {
  if (sandbox.kind === 'sandboxed') return sandbox.limitations
  const refusal = sandbox.kind === 'unsandboxed' ? await sandbox.refusal() : null
  return refusal === null ? [sandbox.summary] : [refusal, sandbox.summary]
}
