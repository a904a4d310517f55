/** The target of a call: `/v1/<collection>/<name>/items/a%2Fb?x=1`. */
export interface DataPath {
  /** As sent; with a session it is ignored. */
  readonly collectionId: string
  /** Decoded once; null: it cannot be decoded. */
  readonly name: string | null
  /** Still percent-encoded, with its leading `/`; empty: nothing follows the name. */
  readonly path: string
  /** Without the `?`. */
  readonly query: string
}

/** Null: the target does not begin with the prefix, or has no name. */
export function readDataPath(target: string, prefix: string): DataPath | null {
  if (!target.startsWith(prefix)) return null
  const queryAt = target.indexOf('?')
  const end = queryAt === -1 ? target.length : queryAt
  const nameAt = target.indexOf('/', prefix.length) + 1
  if (nameAt === 0 || nameAt >= end) return null
  const slash = target.indexOf('/', nameAt)
  const nameEnd = slash === -1 || slash > end ? end : slash
  if (nameEnd === nameAt) return null
  return {
    collectionId: target.slice(prefix.length, nameAt - 1),
    name: decoded(target.slice(nameAt, nameEnd)),
    path: target.slice(nameEnd, end),
    query: queryAt === -1 ? '' : target.slice(queryAt + 1),
  }
}

function decoded(text: string): string | null {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** Path and query of a URL as Bun gives it: resolved, so that `.` and `..` cannot be keys here. */
export function targetOf(url: string): string {
  const from = url.indexOf('/', url.indexOf('://') + 3)
  return from === -1 ? '/' : url.slice(from)
}
