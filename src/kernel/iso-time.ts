/** Unix milliseconds as the API shows times: RFC 3339, UTC. */
export const isoTime = (ms: number): string => new Date(ms).toISOString()
