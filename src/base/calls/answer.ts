const HEADERS = { 'content-type': 'application/json' }

/** Already JSON. */
export const answerText = (text: string, status = 200): Response =>
  new Response(text, { status, headers: HEADERS })

export const answer = (value: unknown, status = 200): Response => answerText(JSON.stringify(value), status)
