import { createHmac } from 'node:crypto'

/**
 * The key that signs `X-Space-Identity` for one instance, 32 bytes; its micros receive it as base64url. Derived, so
 * that gateways need one secret for all instances, and no instance can sign for another.
 */
export const identityKeyOf = (secret: string, instanceId: string): Buffer =>
  createHmac('sha256', secret).update(`identity/${instanceId}`).digest()
