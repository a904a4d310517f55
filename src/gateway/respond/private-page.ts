import { identify, isNavigation } from '../../access/index.ts'
import { linkManifest } from '../../kernel/manifest-link.ts'
import type { HeadWriter, ResponseHead, BodyFraming } from '../../wire/index.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { decisionInput } from '../request/decision-input.ts'
import { factsOf } from '../request/request-facts.ts'
import type { RequestPath, RouteMatch } from '../request/route-match.ts'
import { allowsOwnScript, insertRuntime, RUNTIME_TAG } from '../runtime/index.ts'

/**
 * What is changed about a page. `manifest`: its web manifest is fetched with credentials. `runtime`: that, and it loads the
 * client runtime.
 */
export type PageChange = 'none' | 'manifest' | 'runtime'

/**
 * Pages are changed for a signed-in user only: the manifest is private as the page is, and strangers get the octets of the
 * app, compressed as the app likes.
 */
export function pageChangeOf(
  exchange: Exchange,
  target: RequestPath,
  route: RouteMatch,
  context: GatewayContext,
): PageChange {
  if (exchange.request.method !== 'GET' || !isNavigation(factsOf(exchange, context))) return 'none'
  const isPrivate = exchange.grant?.principal.kind === 'user'
  if (!route.instance.addsRuntime) return isPrivate ? 'manifest' : 'none'
  const input = decisionInput(exchange, target, route, context)
  // On a public page, too, a session opens the data of the app.
  return isPrivate || (isPublic(exchange) && identify(input)?.kind === 'user') ? 'runtime' : 'none'
}

const isPublic = ({ grant }: Exchange): boolean => grant?.principal.kind === 'anonymous'

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

/** The page with its changes; null if the first piece of its body shows nothing to change. */
export function changedPage(
  head: ResponseHead,
  first: Buffer,
  change: Exclude<PageChange, 'none'>,
): ChangedPage | null {
  const addsRuntime = change === 'runtime' && allowsOwnScript(head.fields)
  const linked = linkManifest(first)
  const bytes = addsRuntime ? insertRuntime(linked, RUNTIME_TAG) : linked
  if (bytes === first) return null
  const framing = lengthened(head.framing, bytes.length - first.length)
  const etag = head.fields.find(({ key }) => key === 'etag')?.value
  return {
    head: { ...head, fields: head.fields.filter(({ key }) => !REPLACED.has(key)) },
    framing,
    bytes,
    writeLines(out) {
      if (framing.kind === 'length') out.text(`Content-Length: ${framing.length}\r\n`)
      // The app would send a part of another body.
      out.text('Accept-Ranges: none\r\n')
      // The body differs from the one that the app's ETag names, so that a strong ETag would be wrong (RFC 9110,
      // 8.8.1).
      if (etag !== undefined) out.text(`ETag: ${etag.startsWith('W/') ? '' : 'W/'}${etag}\r\n`)
    },
  }
}

const REPLACED = new Set(['content-length', 'etag', 'accept-ranges'])

const lengthened = (framing: BodyFraming, by: number): BodyFraming =>
  framing.kind === 'length' ? { kind: 'length', length: framing.length + by } : framing
