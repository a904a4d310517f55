import type { Field } from './fields.ts'
import { WIRE_LIMITS } from './limits.ts'

/** How long a body is (RFC 9112, 6.3). Exactly one reading exists for every message we accept. */
export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  /** Responses only: the body lasts until the peer closes. */
  | { readonly kind: 'until-close' }

export const NO_BODY: BodyFraming = { kind: 'none' }
export const CHUNKED: BodyFraming = { kind: 'chunked' }
export const UNTIL_CLOSE: BodyFraming = { kind: 'until-close' }

/** The framing fields of one message, collected while its header section is read. */
export interface FramingFields {
  contentLength: number | 'invalid' | null
  transferEncoding: string | null
  /** More than one Content-Length or Transfer-Encoding, even if they are equal. */
  isRepeated: boolean
  /** The Content-Length has leading zeros. */
  isPadded: boolean
}

export const newFramingFields = (): FramingFields => ({
  contentLength: null,
  transferEncoding: null,
  isRepeated: false,
  isPadded: false,
})

export function noteFramingField(found: FramingFields, field: Field): void {
  if (field.key === 'content-length') {
    if (found.contentLength !== null) found.isRepeated = true
    found.contentLength = field.decimal(WIRE_LIMITS.contentLengthDigits) ?? 'invalid'
    found.isPadded ||= field.isPadded
  } else {
    if (found.transferEncoding !== null) found.isRepeated = true
    found.transferEncoding = field.value
  }
}

/**
 * The framing that the fields declare, `fallback` if they declare none, or a reason to refuse: both fields at once,
 * either of them twice, a coding other than exactly `chunked`, or a length that is not plain digits. RFC 9112, 6.3 lets
 * a server repair some of these; request smuggling depends on such repairs.
 */
export function declaredFraming(found: FramingFields, fallback: BodyFraming): BodyFraming | string {
  if (found.isRepeated) return 'repeated Content-Length or Transfer-Encoding'
  if (found.transferEncoding !== null) {
    if (found.contentLength !== null) return 'Content-Length beside Transfer-Encoding'
    return found.transferEncoding.toLowerCase() === 'chunked' ? CHUNKED : 'unsupported Transfer-Encoding'
  }
  const length = found.contentLength
  if (length === null) return fallback
  if (length === 'invalid') return 'invalid Content-Length'
  return length === 0 ? NO_BODY : { kind: 'length', length }
}

/**
 * The same for a request. Leading zeros are allowed (RFC 9110, 8.6), but clients do not send them; an app that reads
 * them as octal sees another length than we do, and another request behind it.
 */
export const requestFraming = (found: FramingFields): BodyFraming | string =>
  found.isPadded ? 'Content-Length with leading zeros' : declaredFraming(found, NO_BODY)
