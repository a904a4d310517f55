import { badRequest } from './errors.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export const toBytes = (text: string): Uint8Array => encoder.encode(text)
export const toText = (bytes: Uint8Array): string => decoder.decode(bytes)

/** Why a file cannot have this name; null: it can. Any other text can be one, since no name ever becomes a path. */
export function nameProblem(name: string, maxBytes: number): string | null {
  if (name.trim() === '') return 'A file needs a name: send it as ?name=…'
  if (name.endsWith('/')) return 'The name of a file cannot end in /'
  if (name.includes('\0') || !name.isWellFormed())
    return 'The name of a file must be Unicode text without NUL'
  const bytes = Buffer.byteLength(name)
  if (bytes > maxBytes)
    return `The name of a file may have ${maxBytes} bytes as UTF-8, and this one has ${bytes}`
  return null
}

/** Throws 400. */
export function requireName(name: string, maxBytes: number): Uint8Array {
  const problem = nameProblem(name, maxBytes)
  if (problem !== null) throw badRequest(problem)
  return toBytes(name)
}

/** Throws 400. Of a drive. */
export function requireDriveName(name: string, maxBytes: number): Uint8Array {
  if (name.trim() === '' || name.includes('\0') || !name.isWellFormed())
    throw badRequest('A drive needs a name: Unicode text without NUL')
  if (Buffer.byteLength(name) > maxBytes)
    throw badRequest(`The name of a drive may have ${maxBytes} bytes as UTF-8`)
  return toBytes(name)
}
