/** The records of a zip archive (APPNOTE 6.3.10, sections 4.3.7 to 4.3.16). All sizes of entries are written as zip64. */

const UINT32 = 0xffffffff
const UINT16 = 0xffff
/** "Unix" in the upper byte, so that the attributes hold a mode; 4.5: zip64. */
const MADE_BY = (3 << 8) | 45
const NEEDS = 45
/** Sizes follow the content, and names are UTF-8. */
const FLAGS = 0x0008 | 0x0800

export interface EntryHead {
  readonly name: Uint8Array
  readonly comment: Uint8Array
  /** With its type: 0o100644. */
  readonly mode: number
  readonly modifiedMs: number
  /** 0: stored; 8: DEFLATE. */
  readonly method: 0 | 8
}

export interface EntrySizes {
  readonly crc: number
  readonly packed: number
  readonly size: number
}

export function localHeader({ name, modifiedMs, method }: EntryHead): Uint8Array {
  const record = Buffer.alloc(30 + name.length + 20)
  record.writeUInt32LE(0x04034b50, 0)
  record.writeUInt16LE(NEEDS, 4)
  record.writeUInt16LE(FLAGS, 6)
  record.writeUInt16LE(method, 8)
  record.writeUInt32LE(dosTime(modifiedMs), 10)
  record.writeUInt32LE(UINT32, 18)
  record.writeUInt32LE(UINT32, 22)
  record.writeUInt16LE(name.length, 26)
  record.writeUInt16LE(20, 28)
  record.set(name, 30)
  // Announces that the sizes after the content have 8 bytes each.
  record.writeUInt16LE(0x0001, 30 + name.length)
  record.writeUInt16LE(16, 32 + name.length)
  return record
}

/** Follows the content. */
export function dataDescriptor({ crc, packed, size }: EntrySizes): Uint8Array {
  const record = Buffer.alloc(24)
  record.writeUInt32LE(0x08074b50, 0)
  record.writeUInt32LE(crc, 4)
  record.writeBigUInt64LE(BigInt(packed), 8)
  record.writeBigUInt64LE(BigInt(size), 16)
  return record
}

export function directoryEntry(head: EntryHead, { crc, packed, size }: EntrySizes, at: number): Uint8Array {
  const { name, comment, mode, modifiedMs, method } = head
  const extra = 30 + 16 + name.length
  const record = Buffer.alloc(extra + 28 + comment.length)
  record.writeUInt32LE(0x02014b50, 0)
  record.writeUInt16LE(MADE_BY, 4)
  record.writeUInt16LE(NEEDS, 6)
  record.writeUInt16LE(FLAGS, 8)
  record.writeUInt16LE(method, 10)
  record.writeUInt32LE(dosTime(modifiedMs), 12)
  record.writeUInt32LE(crc, 16)
  record.writeUInt32LE(UINT32, 20)
  record.writeUInt32LE(UINT32, 24)
  record.writeUInt16LE(name.length, 28)
  record.writeUInt16LE(28, 30)
  record.writeUInt16LE(comment.length, 32)
  record.writeUInt32LE((mode << 16) >>> 0, 38)
  record.writeUInt32LE(UINT32, 42)
  record.set(name, 46)
  record.writeUInt16LE(0x0001, extra)
  record.writeUInt16LE(24, extra + 2)
  record.writeBigUInt64LE(BigInt(size), extra + 4)
  record.writeBigUInt64LE(BigInt(packed), extra + 12)
  record.writeBigUInt64LE(BigInt(at), extra + 20)
  record.set(comment, extra + 28)
  return record
}

/** The records after the directory, which begins at `at`. */
export function endRecords(entries: number, at: number, bytes: number): Uint8Array {
  const record = Buffer.alloc(56 + 20 + 22)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeUInt16LE(MADE_BY, 12)
  record.writeUInt16LE(NEEDS, 14)
  record.writeBigUInt64LE(BigInt(entries), 24)
  record.writeBigUInt64LE(BigInt(entries), 32)
  record.writeBigUInt64LE(BigInt(bytes), 40)
  record.writeBigUInt64LE(BigInt(at), 48)
  record.writeUInt32LE(0x07064b50, 56)
  record.writeBigUInt64LE(BigInt(at + bytes), 64)
  record.writeUInt32LE(1, 72)
  record.writeUInt32LE(0x06054b50, 76)
  record.writeUInt16LE(UINT16, 84)
  record.writeUInt16LE(UINT16, 86)
  record.writeUInt32LE(UINT32, 88)
  record.writeUInt32LE(UINT32, 92)
  return record
}

/** UTC, from 1980 on, in steps of two seconds. */
function dosTime(ms: number): number {
  const at = new Date(Math.min(Math.max(ms, Date.UTC(1980, 0, 1)), Date.UTC(2107, 11, 31)))
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  return ((date << 16) | time) >>> 0
}
