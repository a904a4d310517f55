import { domainToASCII } from 'node:url'
import { invalid } from '../kernel/http-error.ts'
import { DOMAIN_LIMITS } from './limits.ts'

/** ASCII characters of host names, and all characters beyond ASCII, which become Punycode or are refused. */
const WRITABLE = /^[A-Za-z0-9.\-\u{80}-\u{10ffff}]+$/u
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
/** These names resolve to the visitor's own machine (RFC 6761, 6.3). */
const LOOPBACK = /(^|\.)(localhost|localdomain)$/

/**
 * The stored form of a domain: lower-case, Punycode, without the dot of the root. Throws `invalid`, with a sentence for
 * the person who typed it, for everything that is not the name of one host: ports, wildcards, addresses, single labels
 * such as `com`, and the names of loopback.
 */
export function parseDomainName(text: string): string {
  const typed = text.trim()
  if (typed.startsWith('*.')) throw invalid('Wildcards are not supported; add each name separately.')
  if (/^[a-z]+:\/\//i.test(typed) || typed.includes('/'))
    throw invalid('Enter only the name, such as notes.example.org, without "http://" and without a path.')
  // Only an upper bound: Punycode may be longer than the typed text, and is checked below.
  if (!WRITABLE.test(typed) || typed.length > DOMAIN_LIMITS.nameChars + 1) throw notADomain()
  const name = domainToASCII(typed).replace(/\.$/, '')
  const labels = name.split('.')
  if (name.length > DOMAIN_LIMITS.nameChars || !labels.every((label) => LABEL.test(label))) throw notADomain()
  if (isAddress(name)) throw invalid('An IP address is not a domain; enter a name such as notes.example.org.')
  if (LOOPBACK.test(name))
    throw invalid(`${name} cannot be a custom domain: it resolves to each visitor's own machine.`)
  if (labels.length < 2)
    throw invalid(`"${name}" is a single label; enter a domain such as notes.example.org.`)
  // Browsers decide: if they parse another host from this name, cookies and redirects would go there.
  if (URL.parse(`http://${name}/`)?.hostname !== name) throw notADomain()
  return name
}

/** A last label that is a number makes browsers read an IPv4 address (WHATWG URL, ends in a number). */
const isAddress = (name: string): boolean => /(^|\.)(\d+|0x[0-9a-f]*)$/.test(name)

const notADomain = () => invalid('This is not a valid domain. Enter a name such as notes.example.org.')
