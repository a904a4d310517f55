import { isNavigation } from '../../access/index.ts'
import { linkManifest } from '../../kernel/manifest-link.ts'
import type { HeadWriter, ResponseHead, BodyFraming } from '../../wire/index.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { factsOf } from '../request/request-facts.ts'

/** Whether a signed-in user opens a page: its manifest is private as well. */
export const isSignedInNavigation = (exchange: Exchange, context: GatewayContext): boolean =>
  exchange.grant?.principal.kind === 'user' &&
  exchange.request.method === 'GET' &&
  isNavigation(factsOf(exchange, context))

/** Whether the body is HTML that we can read, and that neither the app nor its checksums forbid us to change. */
export function isReadablePage({ status, fields, framing }: ResponseHead): boolean {
  if (status !== 200 || framing.kind === 'none') return false
  let isHtml = false
  for (const { key, value } of fields) {
    if (key === 'content-type') isHtml = /^text\/html\s*(?:;|$)/i.test(value)
    else if (UNTOUCHABLE.has(key)) return false
    else if (key === 'cache-control' && /\bno-transform\b/i.test(value)) return false
  }
  return isHtml
}

const UNTOUCHABLE = new Set([
  'content-encoding',
  'content-range',
  'content-md5',
  'digest',
  'content-digest',
  'repr-digest',
])

export interface ChangedPage {
  readonly head: ResponseHead
  readonly framing: BodyFraming
  /** The first piece of the body. */
  readonly bytes: Buffer
  /** Lines that replace those removed from `head`. */
  writeLines(out: HeadWriter): void
}

/**
 * The page with a manifest link that the browser may fetch; null if the first piece of its body has no link to change.
 */
export function withManifest(head: ResponseHead, first: Buffer): ChangedPage | null {
  const bytes = linkManifest(first)
  if (bytes === first) return null
  const framing = lengthened(head.framing, bytes.length - first.length)
  const etag = head.fields.find(({ key }) => key === 'etag')?.value
  return {
    head: { ...head, fields: head.fields.filter(({ key }) => key !== 'content-length' && key !== 'etag') },
    framing,
    bytes,
    writeLines(out) {
      if (framing.kind === 'length') out.text(`Content-Length: ${framing.length}\r\n`)
      // The body differs from the one that the app's ETag names, so that a strong ETag would be wrong (RFC 9110,
      // 8.8.1).
      if (etag !== undefined) out.text(`ETag: ${etag.startsWith('W/') ? '' : 'W/'}${etag}\r\n`)
    },
  }
}

const lengthened = (framing: BodyFraming, by: number): BodyFraming =>
  framing.kind === 'length' ? { kind: 'length', length: framing.length + by } : framing
