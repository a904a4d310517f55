import { invalid } from '../kernel/http-error.ts'

/** An address of an app, as a person typed it. */
export interface Address {
  /** `http://notes-ab12.cloud.test:7070` */
  readonly origin: string
  /** Path and query. */
  readonly target: string
}

/**
 * Never parsed as a URL: its spelling may be the question. What no request line can hold is encoded as browsers do. Throws
 * 400 for text that does not begin with a scheme and a host.
 */
export function readAddress(url: string): Address {
  const [, origin = '', rest = ''] = /^(https?:\/\/[^/?#]+)([^#]*)/i.exec(url) ?? []
  if (origin === '') throw invalid('The address begins with http:// or https:// and the host of an app')
  const target = rest.toWellFormed().replace(/[^\x21-\x7e]/gu, (char) => encodeURIComponent(char))
  return { origin, target: target.startsWith('/') ? target : `/${target}` }
}
