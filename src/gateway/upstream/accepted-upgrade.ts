import type { RequestHead, ResponseHead } from '../../wire/index.ts'
import { mayUpgrade } from '../headers/upgrade.ts'

/**
 * Whether a 101 switches to a requested protocol, and names it as RFC 9110, 7.8 demands. Apps that answer with a status
 * chosen by the client (`/status/101`) do not switch: through a raw pipe they would still read HTTP requests, which
 * would not be judged.
 */
export function isUpgradeAccepted(request: RequestHead, { fields }: ResponseHead): boolean {
  if (!mayUpgrade(request)) return false
  const asked = protocolsIn(request.upgrade ?? '')
  const taken = fields.flatMap((field) => (field.key === 'upgrade' ? protocolsIn(field.value) : []))
  return taken.length > 0 && taken.every((protocol) => asked.includes(protocol))
}

const protocolsIn = (value: string): string[] =>
  value
    .toLowerCase()
    .split(',')
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol !== '')
