/**
 * Content is checked in chunks when it is read, so that a range can be checked without reading the rest. XXH3 finds
 * damage of disks and networks at the speed of memory; it is no defence against someone who may write the files.
 */
export const CHUNK_BYTES = 262_144

const SUM_BYTES = 8

export interface ChunkSums {
  add(chunk: Uint8Array): void
  /** Of all chunks so far. */
  bytes(): Uint8Array
}

export function collectSums(): ChunkSums {
  const sums: bigint[] = []
  return {
    add: (chunk) => void sums.push(sumOf(chunk)),
    bytes() {
      const bytes = new Uint8Array(sums.length * SUM_BYTES)
      const view = new DataView(bytes.buffer)
      for (const [index, sum] of sums.entries()) view.setBigUint64(index * SUM_BYTES, sum)
      return bytes
    },
  }
}

/** Whether `bytes`, which begin with chunk `first` of a blob, are what was stored. */
export function isIntact(bytes: Uint8Array, first: number, sums: Uint8Array): boolean {
  const view = new DataView(sums.buffer, sums.byteOffset, sums.byteLength)
  for (let at = 0, chunk = first; at < bytes.length; at += CHUNK_BYTES, chunk += 1) {
    if ((chunk + 1) * SUM_BYTES > sums.length) return false
    if (sumOf(bytes.subarray(at, at + CHUNK_BYTES)) !== view.getBigUint64(chunk * SUM_BYTES)) return false
  }
  return true
}

const sumOf = (chunk: Uint8Array): bigint => Bun.hash.xxHash3(chunk)
