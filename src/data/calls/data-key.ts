import type { DataKeyRecord } from '../../directory/index.ts'
import type { ServiceName } from '../services.ts'

/** Whether the key opens this Base or Drive. */
export function opens({ bases, drives }: DataKeyRecord, service: ServiceName, name: string): boolean {
  const names = service === 'base' ? bases : drives
  return names === null || names.includes(name)
}

export const isExpired = ({ expiresAtMs }: DataKeyRecord, nowMs: number): boolean =>
  expiresAtMs !== null && expiresAtMs <= nowMs

/**
 * The key as presented (COMPAT 5.2): `X-API-Key`, else `Authorization`, by itself or as a bearer token. A repeated header
 * is joined by `, `, and then no key.
 */
export function presentedKey(headers: Headers): string | null {
  const key = headers.get('x-api-key')
  if (key !== null) return key
  const authorization = headers.get('authorization')
  return authorization === null ? null : authorization.replace(/^Bearer +/i, '')
}
