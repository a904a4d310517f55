import { domainToASCII } from 'node:url'
import { invalid } from '../kernel/http-error.ts'
import { DOMAIN_LIMITS } from './limits.ts'

/** ASCII that a host name may hold, and anything beyond ASCII, which becomes Punycode or is refused. */
const WRITABLE = /^[A-Za-z0-9.\-\u{80}-\u{10ffff}]+$/u
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
/** They lead each visitor to the visitor's own machine (RFC 6761, 6.3). */
const LOOPBACK = /(^|\.)(localhost|localdomain)$/

/**
 * A domain as it is stored, compared and asked for: lower-case, Punycode, without the dot of the root. Throws `invalid`,
 * with a sentence for the person who typed it, for everything that is not the name of one host: ports, wildcards,
 * addresses, single labels such as `com`, and the names of loopback.
 */
export function parseDomainName(text: string): string {
  const typed = text.trim()
  if (typed.startsWith('*.')) throw invalid('A wildcard is no domain: add each name by itself.')
  if (/^[a-z]+:\/\//i.test(typed) || typed.includes('/'))
    throw invalid('Give the name alone, such as notes.example.org, without "http://" and without a path.')
  // Only what is longer in every spelling is refused here: Punycode may be longer than what was typed.
  if (!WRITABLE.test(typed) || typed.length > DOMAIN_LIMITS.nameChars + 1) throw notADomain()
  const name = domainToASCII(typed).replace(/\.$/, '')
  const labels = name.split('.')
  if (name.length > DOMAIN_LIMITS.nameChars || !labels.every((label) => LABEL.test(label))) throw notADomain()
  if (isAddress(name)) throw invalid('An address is no domain: it needs a name, such as notes.example.org.')
  if (LOOPBACK.test(name))
    throw invalid(`${name} leads each visitor to their own machine; it cannot be a custom domain.`)
  if (labels.length < 2) throw invalid(`"${name}" is a single label; a domain looks like notes.example.org.`)
  // The last word has what browsers use: if they read another host, their cookies and redirects go there.
  if (URL.parse(`http://${name}/`)?.hostname !== name) throw notADomain()
  return name
}

/** A last label that is a number makes browsers read an IPv4 address (WHATWG URL, ends in a number). */
const isAddress = (name: string): boolean => /(^|\.)(\d+|0x[0-9a-f]*)$/.test(name)

const notADomain = () => invalid('That is not a domain, such as notes.example.org.')
