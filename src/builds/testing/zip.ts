import { crc32, deflateRawSync } from 'node:zlib'

/** An entry as an attacker writes it: every field may be false. */
export interface ZipEntry {
  readonly name: string
  readonly data?: string | Uint8Array
  /** Unix mode with its type bits, as `zip` on Unix stores it; without it the entry names no operating system. */
  readonly mode?: number
  readonly method?: number
  readonly flags?: number
  readonly claimedBytes?: number
}

/** A zip archive, byte by byte (APPNOTE 4.3), including archives that normal tools refuse to write. */
export function zip(entries: readonly ZipEntry[]): Uint8Array {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name)
    const data = Buffer.from(entry.data ?? '')
    const packed = (entry.method ?? 8) === 8 ? deflateRawSync(data) : data
    const fields = commonFields(entry, name, data, packed)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), u16(20), fields, name, packed])
    directory.push(
      Buffer.concat([
        Buffer.from('PK\x01\x02'),
        u16(entry.mode === undefined ? 20 : (3 << 8) | 20),
        u16(20),
        fields,
        Buffer.alloc(6),
        u32(((entry.mode ?? 0) << 16) >>> 0),
        u32(offset),
        name,
      ]),
    )
    parts.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = [
    Buffer.from('PK\x05\x06'),
    u32(0),
    u16(entries.length),
    u16(entries.length),
    u32(central.length),
  ]
  return Buffer.concat([...parts, central, ...end, u32(offset), u16(0)])
}

/** The fields that local header and directory have in common: flags to the length of the extra field. */
function commonFields(entry: ZipEntry, name: Buffer, data: Buffer, packed: Buffer): Buffer {
  return Buffer.concat([
    u16(entry.flags ?? 0x800),
    u16(entry.method ?? 8),
    u32(0),
    u32(crc32(data)),
    u32(packed.length),
    u32(entry.claimedBytes ?? data.length),
    u16(name.length),
    u16(0),
  ])
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
