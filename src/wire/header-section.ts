import { parseAuthority } from './authority.ts'
import { joinMembers, namedFields, NO_MEMBERS } from './connection-options.ts'
import { parseError, type ParseError } from './parse-error.ts'
import { parseFields, type Field } from './fields.ts'
import { newFramingFields, noteFramingField, requestFraming, type BodyFraming } from './framing.ts'
import { headOctets } from './head-end.ts'
import { WIRE_LIMITS } from './limits.ts'

/** The fields of a request and what follows from them. Depends only on their octets. */
export interface HeaderSection {
  readonly kind: 'section'
  /** Fields point into it. The section is the part from `start` to `end`, with the empty line. */
  readonly octets: Buffer
  readonly start: number
  readonly end: number
  /** In order, including repeated fields. */
  readonly fields: readonly Field[]
  /** Value of the one Host field, as sent. */
  readonly host: string
  /** The name or address in it, in lower case, without a trailing dot. */
  readonly hostname: string
  readonly framing: BodyFraming
  /** Lower-case members of all Connection fields. */
  readonly connection: readonly string[]
  /** The members that name other fields. */
  readonly connectionFields: readonly string[]
  /** Value of Upgrade. */
  readonly upgrade: string | null
}

/**
 * Reads the section at `start` to `end` of `head`. `previous` is returned if its octets are the same: clients repeat
 * their headers on a connection, and comparing costs a fiftieth of reading.
 */
export function readHeaderSection(
  head: Buffer,
  start: number,
  end: number,
  previous: HeaderSection | null,
): HeaderSection | ParseError {
  if (previous !== null && isSame(head, start, end, previous)) return previous
  const octets = headOctets(head, end)
  const fields = parseFields(octets, start, end, WIRE_LIMITS.requestFields)
  return 'kind' in fields ? fields : describe(octets, start, end, fields)
}

const isSame = (head: Buffer, start: number, end: number, other: HeaderSection): boolean =>
  end - start === other.end - other.start &&
  head.compare(other.octets, other.start, other.end, start, end) === 0

function describe(octets: Buffer, start: number, end: number, fields: Field[]): HeaderSection | ParseError {
  const framingFields = newFramingFields()
  let connection = NO_MEMBERS
  let host: string | null = null
  let upgrade: string | null = null
  for (const field of fields) {
    switch (field.key) {
      case 'host':
        if (host !== null) return parseError('repeated Host')
        host = field.value
        break
      case 'connection':
        connection = joinMembers(connection, field.value)
        break
      case 'upgrade':
        upgrade = upgrade === null ? field.value : `${upgrade}, ${field.value}`
        break
      case 'content-length':
      case 'transfer-encoding':
        noteFramingField(framingFields, field)
    }
  }
  if (host === null) return parseError('Host is missing')
  const authority = parseAuthority(host)
  if (authority === null) return parseError('invalid Host')
  const framing = requestFraming(framingFields)
  if (typeof framing === 'string') return parseError(framing)
  const connectionFields = namedFields(connection)
  const hostname = authority.host
  return {
    kind: 'section',
    octets,
    start,
    end,
    fields,
    host,
    hostname,
    framing,
    connection,
    connectionFields,
    upgrade,
  }
}
