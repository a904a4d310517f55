import { invalid } from '../kernel/http-error.ts'

/** The address of an app, as a person typed it. */
export interface Address {
  /** `http://notes-ab12.cloud.test:7070` */
  readonly origin: string
  /** Path and query. */
  readonly target: string
}

/**
 * Not parsed as a URL, which would normalise the spelling that the person asks about. Characters that a request line cannot
 * hold are encoded as browsers encode them. Throws 400 for text that does not begin with a scheme and a host.
 */
export function readAddress(url: string): Address {
  const [, origin = '', rest = ''] = /^(https?:\/\/[^/?#]+)([^#]*)/i.exec(url) ?? []
  if (origin === '')
    throw invalid('The address must begin with http:// or https://, followed by the host of an app')
  const target = rest.toWellFormed().replace(/[^\x21-\x7e]/gu, (char) => encodeURIComponent(char))
  return { origin, target: target.startsWith('/') ? target : `/${target}` }
}
