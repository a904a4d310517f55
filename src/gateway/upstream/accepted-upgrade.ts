import type { RequestHead, ResponseHead } from '../../wire/index.ts'
import { mayUpgrade } from '../headers/upgrade.ts'

/**
 * Whether a 101 switches to a protocol that was asked for, and names it as it has to (RFC 9110, 7.8). Apps that answer
 * with a status of the client's choosing (`/status/101`) switch to nothing: behind a pipe to them they would go on
 * reading HTTP, which nobody judges.
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
