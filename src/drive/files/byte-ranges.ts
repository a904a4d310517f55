export const compareBytes = (a: Uint8Array, b: Uint8Array): number => Buffer.compare(a, b)

export const isPrefix = (prefix: Uint8Array, bytes: Uint8Array): boolean =>
  bytes.length >= prefix.length && compareBytes(prefix, bytes.subarray(0, prefix.length)) === 0

/** The least bytes above all that begin with the prefix; null: there are none. */
export function afterPrefix(prefix: Uint8Array): Uint8Array | null {
  const kept = prefix.findLastIndex((byte) => byte < 0xff)
  if (kept === -1) return null
  // Not `slice`, which gives a view of the same memory for the Buffers that PostgreSQL's driver makes.
  const next = new Uint8Array(prefix.subarray(0, kept + 1))
  next[kept]! += 1
  return next
}
