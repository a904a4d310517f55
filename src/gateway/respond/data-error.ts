import type { Exchange } from '../client/exchange.ts'
import { answerLocally } from './local-responder.ts'
import type { LocalResponse } from './local-response.ts'

export type DataProblem = 'unauthorized' | 'unavailable' | 'body-of-get' | 'too-large'

interface Answer {
  readonly status: number
  readonly error: string
  readonly headers?: LocalResponse['headers']
}

const ANSWERS: Readonly<Record<DataProblem, Answer>> = {
  unauthorized: { status: 401, error: 'Unauthorized', headers: [['WWW-Authenticate', 'Space']] },
  unavailable: {
    status: 503,
    error: 'The data of apps is not available now. Try again in a moment',
    headers: [['Retry-After', '1']],
  },
  'body-of-get': { status: 400, error: 'A GET or HEAD has no body' },
  'too-large': { status: 413, error: 'The request is larger than this server accepts' },
}

/** An answer in place of Base or Drive, as their clients read it (COMPAT 5.2): always JSON. */
export function answerDataError(exchange: Exchange, problem: DataProblem): void {
  const { status, error, headers = [] } = ANSWERS[problem]
  answerLocally(exchange, {
    status,
    headers: [
      ['Content-Type', 'application/json'],
      ['Cache-Control', 'no-store'],
      ['X-Content-Type-Options', 'nosniff'],
      ['Server', 'Deta-Ownspace'],
      ['X-Request-Id', exchange.id],
      ...headers,
    ],
    body: { kind: 'bytes', bytes: Buffer.from(JSON.stringify({ errors: [error] })) },
  })
}
