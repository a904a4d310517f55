/**
 * Sent with answers of our own when we end TLS: browsers then know no http for that host (RFC 6797). A month, renewed
 * by every visit, and for this host alone: an operator who goes back to http locks people out for that long at most.
 */
export const HSTS = ['Strict-Transport-Security', 'max-age=2592000'] as const
