/** How one implementation reads the bytes of a connection. */
export interface Reading {
  /** Complete requests, in order. */
  readonly requests: readonly { readonly method: string; readonly target: string; readonly body: string }[]
  /** It rejected the bytes that follow, or closed the connection. */
  readonly isRejected: boolean
}

export interface Reader extends AsyncDisposable {
  readonly name: string
  read(octets: Buffer): Promise<Reading>
}

/**
 * Why the two readings of one connection are dangerous together, or null. Our parser may be stricter and reject what
 * others accept. It must not read another request than they do, nor one more or less.
 */
export function disagreement(ours: Reading, theirs: Reading): string | null {
  const both = Math.min(ours.requests.length, theirs.requests.length)
  for (let i = 0; i < both; i++) {
    const [a, b] = [ours.requests[i]!, theirs.requests[i]!]
    if (a.method !== b.method || pathOf(a.target) !== pathOf(b.target) || a.body !== b.body)
      return `request ${i} is read as ${JSON.stringify(b)}, by us as ${JSON.stringify(a)}`
  }
  if (ours.requests.length > both && !theirs.isRejected)
    return `waits for more where we see ${JSON.stringify(ours.requests[both])}`
  if (theirs.requests.length > both && !ours.isRejected)
    return `sees ${JSON.stringify(theirs.requests[both])} where we see none`
  return null
}

/**
 * We turn an absolute-form target of the same host into origin-form, or `*`, which we answer ourselves; others keep it
 * or take it for `/`.
 */
const pathOf = (target: string): string => target.replace(/^https?:\/\/[^/?]*/i, '').replace(/^\*?$/, '/')
