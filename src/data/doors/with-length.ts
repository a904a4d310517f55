/** Bun sends a stream without its length. The gateway adds the length again. */
export function withLength(response: Response): Response {
  const length = response.headers.get('content-length')
  if (length !== null) response.headers.set('X-Space-Data-Length', length)
  return response
}
