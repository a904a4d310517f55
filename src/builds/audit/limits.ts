/** All limits of an audit. */
export const AUDIT_LIMITS = {
  /** Of a whole audit, which an operator can set; the command line waits for 60 s. */
  auditMs: 40_000,
  /** Of one request. */
  requestMs: 15_000,
  /** Of one answer, uncompressed. */
  answerBytes: 8_000_000,
  npmPackages: 20_000,
  /** Of one request to npm. */
  npmBatch: 1_000,
  /** Each is a request of its own. */
  pythonPackages: 2_000,
  pythonAtOnce: 6,
} as const

export type AuditLimits = { readonly [Limit in keyof typeof AUDIT_LIMITS]: number }

export interface Bounds {
  readonly limits: AuditLimits
  /** Aborted when the audit has taken too long. */
  readonly signal: AbortSignal
}
