import { parseError, INCOMPLETE, type ParseError, type Incomplete } from './parse-error.ts'
import { knownValue } from './field-values.ts'
import { findHeadEnd } from './head-end.ts'
import { readHeaderSection, type HeaderSection } from './header-section.ts'
import { WIRE_LIMITS, type RequestHeadLimits } from './limits.ts'
import { CR, IS_TARGET, LF, SPACE } from './octets.ts'

type Described = Pick<
  HeaderSection,
  'octets' | 'fields' | 'host' | 'hostname' | 'framing' | 'connectionFields'
>

export interface RequestHead extends Described {
  readonly kind: 'request'
  /** Case-sensitive, as sent. */
  readonly method: string
  /** Origin-form, `/path?query`, or `*` for OPTIONS. An absolute-form target has lost its scheme and authority. */
  readonly target: string
  /** HTTP/1.0 or HTTP/1.1. */
  readonly minorVersion: 0 | 1
  /** What the above was read from; the same object for requests of one connection with the same section. */
  readonly section: HeaderSection
  /** Whether the client wants to send another request on this connection. */
  readonly keepAlive: boolean
  /** Value of Upgrade, if Connection names it and the request could be upgraded at all. */
  readonly upgrade: string | null
  /** Octets of the head; what follows in the buffer is the body. */
  readonly byteLength: number
}

/**
 * Reads the head of a request from the start of `bytes` (RFC 9112, 2 to 6).
 *
 * `incomplete` when more octets are needed; never for longer than the limits allow. A parse error is final: answer with its
 * status and close, since the start of a next request cannot be determined.
 *
 * @param previous the last request of the same connection: a section of the same octets is not read again.
 */
export function readRequestHead(
  bytes: Buffer,
  previous: RequestHead | null = null,
  limits: RequestHeadLimits = WIRE_LIMITS,
): RequestHead | Incomplete | ParseError {
  const start = skipEmptyLines(bytes)
  const end = findHeadEnd(bytes, start, limits.requestHeadBytes)
  if (typeof end !== 'number')
    return end.kind === 'incomplete' ? orTargetTooLong(bytes, start, limits.targetBytes) : end
  const head = start === 0 ? bytes : bytes.subarray(start)
  const line = parseRequestLine(head, limits.targetBytes)
  if ('kind' in line) return line
  const section = readHeaderSection(head, line.length, end - start, previous?.section ?? null)
  return section.kind === 'parse-error' ? section : assemble(line, section, end)
}

/** Empty lines before the request line are ignored (RFC 9112, 2.2). */
function skipEmptyLines(bytes: Uint8Array): number {
  let at = 0
  while (bytes[at] === CR && bytes[at + 1] === LF && at < 2 * WIRE_LIMITS.emptyLines) at += 2
  return at
}

interface RequestLine {
  readonly method: string
  readonly target: string
  readonly minorVersion: 0 | 1
  /** Octets of the line, its CRLF included. */
  readonly length: number
}

/** Upper case only: methods are case-sensitive, and servers that fold case would read another one. */
const METHOD = /^[A-Z][A-Z_-]{0,31}$/

function parseRequestLine(octets: Buffer, maxTargetBytes: number): RequestLine | ParseError {
  let methodEnd = 0
  while (methodEnd < 32 && octets[methodEnd] !== SPACE) methodEnd++
  if (octets[methodEnd] !== SPACE) return parseError('invalid request line')
  const method = knownValue(octets, 0, methodEnd) ?? octets.toString('latin1', 0, methodEnd)
  if (!METHOD.test(method)) return parseError('invalid method')
  let at = methodEnd + 1
  while (IS_TARGET[octets[at]!] === 1) at++
  const target = octets.toString('latin1', methodEnd + 1, at)
  if (target.length > maxTargetBytes) return parseError('request target too long', 414)
  if (target === '' || octets[at] !== SPACE) return parseError('invalid request target')
  const minorVersion = readVersion(octets, at + 1)
  if (minorVersion === null) {
    const isHttp = /^HTTP\/\d\.\d\r\n/.test(octets.toString('latin1', at + 1, at + 11))
    return isHttp ? parseError('unsupported version', 505) : parseError('invalid request line')
  }
  return { method, target, minorVersion, length: at + 1 + VERSION_LINE.length }
}

const VERSION_LINE = 'HTTP/1.x\r\n'
const MINOR_AT = 7

/** The `HTTP/1.0` or `HTTP/1.1` at `at`, and the CRLF behind it. */
function readVersion(bytes: Uint8Array, at: number): 0 | 1 | null {
  for (let i = 0; i < VERSION_LINE.length; i++) {
    if (i !== MINOR_AT && bytes[at + i] !== VERSION_LINE.charCodeAt(i)) return null
  }
  const minor = bytes[at + MINOR_AT]! - 0x30
  return minor === 0 || minor === 1 ? minor : null
}

function assemble(line: RequestLine, section: HeaderSection, byteLength: number): RequestHead | ParseError {
  const { octets, fields, host, hostname, framing, connection, connectionFields } = section
  const isHttp11 = line.minorVersion === 1
  // HTTP/1.0 has no chunked coding; a message that has both comes from a faulty sender (RFC 9112, 6.1).
  if (!isHttp11 && framing.kind === 'chunked') return parseError('Transfer-Encoding in HTTP/1.0')
  const target = originForm(line, host)
  if (typeof target !== 'string') return target
  const canUpgrade = isHttp11 && framing.kind === 'none' && connection.includes('upgrade')
  return {
    kind: 'request',
    method: line.method,
    target,
    minorVersion: line.minorVersion,
    section,
    octets,
    fields,
    host,
    hostname,
    framing,
    connectionFields,
    keepAlive: !connection.includes('close') && (isHttp11 || connection.includes('keep-alive')),
    upgrade: canUpgrade ? section.upgrade : null,
    byteLength,
  }
}

/**
 * RFC 9112, 3.2: absolute-form only if it names the same host as the Host field, so that no two servers can disagree.
 */
function originForm(line: RequestLine, host: string): string | ParseError {
  const { method, target } = line
  if (method === 'CONNECT') return parseError('CONNECT is not served here', 405)
  if (target.startsWith('/')) return target
  if (target === '*') return method === 'OPTIONS' ? target : parseError('invalid request target')
  const absolute = /^https?:\/\/([^/?]+)(\/.*)?$/i.exec(target)
  if (absolute === null || absolute[1]!.toLowerCase() !== host.toLowerCase())
    return parseError('request target names another host')
  // Without a path, OPTIONS is about the server itself (RFC 9112, 3.2.4).
  const whole = method === 'OPTIONS' ? '*' : '/'
  return absolute[2] ?? whole
}

function orTargetTooLong(bytes: Buffer, start: number, maxTargetBytes: number): Incomplete | ParseError {
  const isLong = bytes.length - start > maxTargetBytes + 64
  return isLong && bytes.indexOf(LF, start) < 0 ? parseError('request target too long', 414) : INCOMPLETE
}
