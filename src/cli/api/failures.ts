import { CliError } from '../failure.ts'
import { printable } from '../printable.ts'
import type { Server } from './server.ts'

/** OpenSSL's codes for an unknown certificate authority. */
const UNTRUSTED = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]
const REFUSED = ['ECONNREFUSED', 'ConnectionRefused', 'FailedToOpenSocket', 'EHOSTUNREACH', 'ENETUNREACH']

/** Why no answer came. */
export function connectionFailure(server: Server, cause: unknown): CliError {
  const code = String((cause as { code?: unknown }).code)
  const problem = certificateProblem(code)
  if (problem)
    return new CliError('bad_certificate', `The certificate of ${server.origin} ${problem.what}.`, {
      hints: [problem.remedy],
      cause,
    })
  if (code === 'ENOTFOUND')
    return new CliError('no_server', `The host name in ${server.origin} does not exist in DNS.`, {
      hints: ['Check the address; to use another server: --server <url>', ...MOVED],
      cause,
    })
  if (REFUSED.includes(code))
    return new CliError('no_server', `Nothing answers at ${server.origin}.`, {
      hints: [
        server.isLoopback
          ? 'Start the server: npm start'
          : 'Check the address, and that the server is running.',
      ],
      cause,
    })
  const isLate = isTimeout(cause, code)
  return new CliError(
    'connection_lost',
    `The connection to ${server.origin} was lost: ${isLate ? 'no answer came in time' : lossOf(code)}.`,
    {
      hints: [
        'Check that the server is running, then run the command again.',
        ...(isLate ? ['To wait longer for an answer, set SPACE_ANSWER_SECONDS, for example to 300.'] : []),
      ],
      cause,
    },
  )
}

const isTimeout = (cause: unknown, code: string): boolean =>
  (cause as { name?: unknown }).name === 'TimeoutError' || code === 'ETIMEDOUT' || code === 'Timeout'

/** In our words: the runtime's own are for programmers. */
function lossOf(code: string): string {
  if (code === 'ECONNRESET' || code === 'ConnectionClosed' || code === 'EPIPE')
    return 'the other side closed it'
  return /^[A-Za-z_]{3,60}$/.test(code) ? printable(code) : 'the network failed'
}

/** For a user whose log-in and linked folders are from before the change. */
const MOVED = [
  'If its base domain was changed, log in at the new address: space login --server <new address>',
  'Linked folders stay linked to their apps.',
]

/** An Ownspace answers, but the name is not Home's: it is an app's (401) or unknown (404). */
export const isOtherName = ({ status, headers }: Response): boolean =>
  (status === 404 || status === 401) && headers.get('server') === 'Deta-Ownspace'

/** Home has another address. The server does not tell which: this answer is public. */
export const otherName = (server: Server): CliError =>
  new CliError('not_home', `An Ownspace answers at ${server.origin}, but its Home has another address.`, {
    hints: ['The server shows the address of Home when it starts.', ...MOVED],
  })

/** Never a way around the check: a machine in the middle could replay what the token signs. */
function certificateProblem(code: string): { readonly what: string; readonly remedy: string } | null {
  if (UNTRUSTED.includes(code))
    return {
      what: 'is not issued by an authority that this machine trusts',
      remedy:
        'For an authority of your own, trust its certificate and try again: export NODE_EXTRA_CA_CERTS=<file.pem>',
    }
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return { what: 'has expired', remedy: 'Renew it on the server, and check the clock of this machine.' }
    case 'CERT_NOT_YET_VALID':
      return { what: 'is not valid yet', remedy: 'Check the clock of this machine.' }
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        what: 'does not cover this host name',
        remedy:
          'Check the address, which may have changed with the base domain. On the server, this lists the names of its certificates: space doctor',
      }
    default:
      return null
  }
}

/** A non-2xx answer, in the server's words when it sends any. */
export async function refusal(server: Server, response: Response, isSigned: boolean): Promise<CliError> {
  const { message, code } = await readError(response)
  if (response.status === 401 && isSigned)
    return new CliError('unauthorized', `${server.origin} does not accept this access token.`, {
      details: message && message !== 'Unauthorized' ? [message] : [],
      hints: ['It has expired or was deleted. Log in again: space login'],
    })
  return new CliError(
    code ?? 'refused',
    message ?? `${server.origin} answered with status ${response.status}.`,
  )
}

export async function readError(
  response: Response,
): Promise<{ message: string | null; code: string | null }> {
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
