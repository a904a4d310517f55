import { fault, type Fault, type Incomplete } from './fault.ts'
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
import { findHeadEnd } from './head-end.ts'
import { WIRE_LIMITS } from './limits.ts'

export interface ResponseHead {
  readonly kind: 'response'
  readonly minorVersion: 0 | 1
  /** 100 to 999. */
  readonly status: number
  /** Status code and reason phrase as received, `404 Not Found`; the phrase may be empty. */
  readonly statusText: string
  /** The whole head, one character per octet; fields point into it. */
  readonly text: string
  readonly fields: readonly Field[]
  readonly framing: BodyFraming
  /** Lower-case members of all Connection fields that name other fields. */
  readonly connectionFields: readonly string[]
  /** Whether the upstream will take another request on this connection, once the body has ended. */
  readonly keepAlive: boolean
  readonly byteLength: number
}

/** `HTTP/1.1 200 OK`: the reason phrase is field content, and may be missing together with its blank. */
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9][0-9]{2})( [\t\x20-\x7e\x80-\xff]*)?$/

/**
 * Reads the head of a response from the start of `bytes` (RFC 9112, 2 to 6).
 *
 * @param requestMethod of the request it answers: a response to HEAD never has a body.
 */
export function readResponseHead(bytes: Buffer, requestMethod: string): ResponseHead | Incomplete | Fault {
  const end = findHeadEnd(bytes, 0, WIRE_LIMITS.responseHeadBytes)
  if (typeof end !== 'number') return end
  const text = bytes.toString('latin1', 0, end)
  const lineEnd = text.indexOf('\r\n')
  const line = STATUS_LINE.exec(text.substring(0, lineEnd))
  if (line === null) return fault('invalid status line')
  const fields = parseFields(bytes, text, lineEnd + 2, end, WIRE_LIMITS.responseFields)
  if ('kind' in fields) return fields
  const status = Number(line[2])
  const framingFields = newFramingFields()
  let connection: readonly string[] = NO_MEMBERS
  for (const field of fields) {
    if (field.key === 'content-length' || field.key === 'transfer-encoding')
      noteFramingField(framingFields, field)
    else if (field.key === 'connection') connection = joinMembers(connection, field.value)
  }
  const framing = responseFraming(declaredFraming(framingFields, UNTIL_CLOSE), status, requestMethod)
  if (typeof framing === 'string') return fault(framing)
  const minorVersion = line[1] === '1' ? 1 : 0
  return {
    kind: 'response',
    minorVersion,
    status,
    statusText: text.substring(9, lineEnd),
    text,
    fields,
    framing,
    connectionFields: namedFields(connection),
    keepAlive: minorVersion === 1 && framing.kind !== 'until-close' && !connection.includes('close'),
    byteLength: end,
  }
}

/** RFC 9112, 6.3: some responses have no body whatever their fields say. Contradictory fields stay a fault. */
function responseFraming(
  declared: BodyFraming | string,
  status: number,
  method: string,
): BodyFraming | string {
  if (typeof declared === 'string') return declared
  return method === 'HEAD' || status < 200 || status === 204 || status === 304 ? NO_BODY : declared
}
