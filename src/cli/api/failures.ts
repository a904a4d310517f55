import { CliError } from '../failure.ts'
import { printable } from '../printable.ts'
import type { Server } from './server.ts'

/** An authority that this machine does not know, as OpenSSL names it. */
const UNTRUSTED = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]
const REFUSED = ['ECONNREFUSED', 'ConnectionRefused', 'FailedToOpenSocket', 'EHOSTUNREACH', 'ENETUNREACH']

/** Why no answer came at all. */
export function connectionFailure(server: Server, cause: unknown): CliError {
  const code = String((cause as { code?: unknown }).code)
  const problem = certificateProblem(code)
  if (problem)
    return new CliError('bad_certificate', `The certificate of ${server.origin} ${problem.what}.`, {
      hints: [problem.remedy],
      cause,
    })
  if (code === 'ENOTFOUND')
    return new CliError('no_server', `There is no host with the name in ${server.origin}.`, {
      hints: ['Check the address; another one is given with --server <url>', ...MOVED],
      cause,
    })
  if (REFUSED.includes(code))
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

/** For who has a log-in and a linked folder from before. */
const MOVED = [
  'If its base domain was changed, log in at the new address: space login --server <new address>',
  'Linked folders stay linked to their apps.',
]

/** An Ownspace answers that the name is none of Home's: of an app that it has (401), or of none (404). */
export const isOtherName = ({ status, headers }: Response): boolean =>
  (status === 404 || status === 401) && headers.get('server') === 'Deta-Ownspace'

/** Home is elsewhere. The server does not say where: it answers so to anybody, for any name. */
export const otherName = (server: Server): CliError =>
  new CliError('not_home', `An Ownspace answers at ${server.origin}, but its Home has another address.`, {
    hints: ['The server shows the address of Home when it starts.', ...MOVED],
  })

/** Never a way around the check: whoever is in the middle would get what the token signs. */
function certificateProblem(code: string): { readonly what: string; readonly remedy: string } | null {
  if (UNTRUSTED.includes(code))
    return {
      what: 'is not from an authority that this machine trusts',
      remedy:
        'If the authority is your own, name its certificate and try again: export NODE_EXTRA_CA_CERTS=<file.pem>',
    }
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return { what: 'has ended', remedy: 'Renew it on the server; is the clock of this machine right?' }
    case 'CERT_NOT_YET_VALID':
      return { what: 'does not hold yet', remedy: 'Is the clock of this machine right?' }
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        what: 'is for other names',
        remedy:
          'Check the address, which is another one if the base domain was changed; on the server, space doctor shows the names of its certificates.',
      }
    default:
      return null
  }
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
