import { createHash } from 'node:crypto'
import type { MicroSpec, Spacefile } from '../../spacefile/index.ts'

/**
 * The inputs of a whole push. Equal keys: the same bytes, read by the same server, so nothing has to be unpacked.
 * `archive`: SHA-256 of the upload.
 */
export const uploadKey = (spacefile: Spacefile, archive: string, toolsKey: string): string =>
  keyOf([toolsKey, spacefile, archive])

/**
 * The inputs of a micro's build: the fields of the Spacefile that reach it, the tools, and `source`, the digest of every
 * uploaded file that its commands can read. Who may call the micro, and where it is mounted, is not among them.
 */
export function microKey(spec: MicroSpec, source: string, toolsKey: string): string {
  const { name, src, engine, serve, commands, include, run, env } = spec
  return keyOf([toolsKey, source, { name, src, engine, serve, commands, include, run, env }])
}

const keyOf = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex')
