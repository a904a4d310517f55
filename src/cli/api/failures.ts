import { CliError } from '../failure.ts'
import { printable } from '../printable.ts'
import type { Server } from './server.ts'

const REFUSED = ['ECONNREFUSED', 'ConnectionRefused', 'FailedToOpenSocket', 'EHOSTUNREACH', 'ENETUNREACH']

/** Why no answer came at all. */
export function connectionFailure(server: Server, cause: unknown): CliError {
  const code = (cause as { code?: unknown }).code
  if (code === 'ENOTFOUND')
    return new CliError('no_server', `There is no host with the name in ${server.origin}.`, {
      hints: ['Check the address; another one is given with --server <url>'],
      cause,
    })
  if (REFUSED.includes(String(code)))
    return new CliError('no_server', `Nothing answers at ${server.origin}.`, {
      hints: [
        server.isLoopback
          ? 'Start it with: npm start'
          : 'Check the address, and that the server is running there.',
      ],
      cause,
    })
  const reason = printable(cause instanceof Error ? cause.message : String(cause))
  return new CliError('connection_lost', `The connection to ${server.origin} broke: ${reason}`, {
    hints: ['Try again; what the server has begun goes on without us.'],
    cause,
  })
}

/** A non-2xx answer, in the server's own words where it gives some. */
export async function refusal(server: Server, response: Response, isSigned: boolean): Promise<CliError> {
  const { message, code } = await readError(response)
  if (response.status === 401 && isSigned)
    return new CliError('unauthorized', `${server.origin} does not accept this access token.`, {
      details: message && message !== 'Unauthorized' ? [message] : [],
      hints: ['It may have expired or been deleted. Log in again: space login'],
    })
  return new CliError(
    code ?? 'refused',
    message ?? `${server.origin} answered with status ${response.status}.`,
  )
}

async function readError(response: Response): Promise<{ message: string | null; code: string | null }> {
  const body: unknown = await response.json().catch(() => null)
  const { detail, errors, code } = (body ?? {}) as { detail?: unknown; errors?: unknown; code?: unknown }
  const first = [detail, Array.isArray(errors) ? errors[0] : undefined].find(
    (item) => typeof item === 'string',
  )
  return {
    message: first ? printable(first) : null,
    code: typeof code === 'string' && /^[a-z_]{1,40}$/.test(code) ? code : null,
  }
}
