/** How a client reads one response, interim ones included. */
export interface ReadAnswer {
  readonly status: number
  readonly reason: string
  /** Some of its fields, `x-a: 1`. */
  readonly fields: readonly string[]
  readonly body: string
  /** The reader saw the end of the response. */
  readonly isWhole: boolean
}

export interface ReadAnswers {
  readonly answers: readonly ReadAnswer[]
  /** The reader rejected the bytes that follow as invalid HTTP. */
  readonly isRefused: boolean
}

/** What every app answers to a second request on the connection. */
export const NEXT_BODY = 'the next answer'

/**
 * How the gateway harms a client, or null. `passed`: what the client reads of a response and of the next one through the
 * gateway; `direct`: what it reads of the first one directly from the app. An error page of the gateway is no harm unless
 * the response was valid (`isSound`); passing on what the reader itself would have rejected is no harm either.
 */
export function misreading(
  { answers: passed }: ReadAnswers,
  direct: ReadAnswers,
  isSound: boolean,
): string | null {
  const at = passed.findIndex(({ status }) => status >= 200)
  const behind = at < 0 ? [] : passed.slice(at + 1)
  if (behind.some(({ status, body }) => status !== 200 || !NEXT_BODY.startsWith(body)) || behind.length > 1)
    return `what follows is read as ${JSON.stringify(behind)}`
  const ours = passed[at]
  if (ours === undefined || !ours.isWhole || ours.status === 502)
    return isSound ? `is not passed on: ${JSON.stringify(passed)}` : null
  const theirs = direct.answers.slice(0, at + 1)
  const isSame = JSON.stringify(passed.slice(0, at + 1)) === JSON.stringify(theirs)
  return isSame || (direct.isRefused && theirs[at]?.isWhole !== true)
    ? null
    : `is read as ${JSON.stringify(passed.slice(0, at + 1))}, directly as ${JSON.stringify(theirs)}`
}
