import { api } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import { CliError } from '../failure.ts'
import { startBuild } from './resume-upload.ts'

/** Starts the build without its code. False when the server needs the code: other code runs, or the server is older. */
export async function startUnchanged(
  connection: Connection,
  {
    id,
    digest,
    query,
  }: { readonly id: string; readonly digest: string; readonly query: { readonly log_exposure?: 'false' } },
): Promise<boolean> {
  const call = { params: { id }, query, body: { archive_sha256: digest } }
  try {
    await startBuild(connection, id, () => api(connection, 'POST /builds/:id/unchanged', call))
    return true
  } catch (error) {
    if (error instanceof CliError && error.code === 'not_found') return false
    throw error
  }
}
