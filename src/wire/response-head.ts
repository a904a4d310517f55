import { parseError, type ParseError, type Incomplete } from './parse-error.ts'
import { joinMembers, namedFields, NO_MEMBERS } from './connection-options.ts'
import { parseFields, type Field } from './fields.ts'
import {
  declaredFraming,
  newFramingFields,
  noteFramingField,
  NO_BODY,
  UNTIL_CLOSE,
  type BodyFraming,
} from './framing.ts'
import { knownValue } from './field-values.ts'
import { findHeadEnd, headOctets } from './head-end.ts'
import { WIRE_LIMITS } from './limits.ts'
import { CR, IS_FIELD_CONTENT, LF, SPACE } from './octets.ts'

export interface ResponseHead {
  readonly kind: 'response'
  readonly minorVersion: 0 | 1
  /** 100 to 999. */
  readonly status: number
  /** Status code and reason phrase as received, `404 Not Found`; the phrase may be empty. */
  readonly statusText: string
  /** Begins with the head; fields point into it. Octets behind the head do not belong to it. */
  readonly octets: Buffer
  readonly fields: readonly Field[]
  readonly framing: BodyFraming
  /** Lower-case members of all Connection fields that name other fields. */
  readonly connectionFields: readonly string[]
  /** Whether the upstream will take another request on this connection, once the body has ended. */
  readonly keepAlive: boolean
  readonly byteLength: number
}

/**
 * Reads the head of a response from the start of `bytes` (RFC 9112, 2 to 6).
 *
 * @param requestMethod of the request it answers: a response to HEAD never has a body.
 */
export function readResponseHead(
  bytes: Buffer,
  requestMethod: string,
  maxBytes: number = WIRE_LIMITS.responseHeadBytes,
): ResponseHead | Incomplete | ParseError {
  const end = findHeadEnd(bytes, 0, maxBytes)
  if (typeof end !== 'number') return canBeHttp(bytes) ? end : NO_STATUS_LINE
  const octets = headOctets(bytes, end)
  const line = parseStatusLine(octets)
  if (line === null) return NO_STATUS_LINE
  const { status, minorVersion } = line
  const fields = parseFields(octets, line.end + 2, end, WIRE_LIMITS.responseFields)
  if ('kind' in fields) return fields
  const framingFields = newFramingFields()
  let connection: readonly string[] = NO_MEMBERS
  for (const field of fields) {
    if (field.key === 'content-length' || field.key === 'transfer-encoding')
      noteFramingField(framingFields, field)
    else if (field.key === 'connection') connection = joinMembers(connection, field.value)
  }
  // Some clients read such chunks, browsers do not; the message is treated as faulty (RFC 9112, 6.1).
  if (minorVersion === 0 && framingFields.transferEncoding !== null)
    return parseError('Transfer-Encoding in HTTP/1.0')
  const declared = declaredFraming(framingFields, UNTIL_CLOSE)
  if (typeof declared === 'string') return parseError(declared)
  const framing = responseFraming(declared, status, requestMethod)
  return {
    kind: 'response',
    minorVersion,
    status,
    statusText: knownValue(octets, STATUS_AT, line.end) ?? octets.toString('latin1', STATUS_AT, line.end),
    octets,
    fields,
    framing,
    connectionFields: namedFields(connection),
    keepAlive:
      minorVersion === 1 &&
      framing.kind !== 'until-close' &&
      !connection.includes('close') &&
      !(status === 204 && hasBody(declared)),
    byteLength: end,
  }
}

/** A 204 with a length announces a body that must not exist, and that would be read as the next response if it came. */
const hasBody = (declared: BodyFraming): boolean => declared.kind === 'chunked' || declared.kind === 'length'

const NO_STATUS_LINE = parseError('invalid status line')

/** Decided by the first octets, so that we do not wait for the rest of another protocol's greeting. */
function canBeHttp(bytes: Uint8Array): boolean {
  const length = Math.min(bytes.length, PREFIX.length)
  for (let i = 0; i < length; i++) if (bytes[i] !== PREFIX.charCodeAt(i)) return false
  return true
}

interface StatusLine {
  readonly minorVersion: 0 | 1
  readonly status: number
  /** The offset of its CRLF. */
  readonly end: number
}

const PREFIX = 'HTTP/1.'
const STATUS_AT = 9

/** `HTTP/1.1 200 OK` (RFC 9112, 4): the reason phrase is field content, and may be missing together with its blank. */
function parseStatusLine(bytes: Uint8Array): StatusLine | null {
  if (!canBeHttp(bytes)) return null
  const minor = digitAt(bytes, PREFIX.length)
  const status = digitAt(bytes, 9) * 100 + digitAt(bytes, 10) * 10 + digitAt(bytes, 11)
  if ((minor !== 0 && minor !== 1) || bytes[8] !== SPACE || !(status >= 100)) return null
  let end = 12
  if (bytes[end] === SPACE) while (IS_FIELD_CONTENT[bytes[end]!] === 1) end++
  return bytes[end] === CR && bytes[end + 1] === LF ? { minorVersion: minor, status, end } : null
}

/** NaN for anything else. */
function digitAt(bytes: Uint8Array, at: number): number {
  const digit = bytes[at]! - 0x30
  return digit >= 0 && digit <= 9 ? digit : Number.NaN
}

/** RFC 9112, 6.3: some responses have no body whatever their fields say. Contradictory fields are a parse error. */
function responseFraming(declared: BodyFraming, status: number, method: string): BodyFraming {
  return method === 'HEAD' || status < 200 || status === 204 || status === 304 ? NO_BODY : declared
}
