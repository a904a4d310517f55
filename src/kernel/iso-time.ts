/** Unix milliseconds in the API's format: RFC 3339, UTC. */
export const isoTime = (ms: number): string => new Date(ms).toISOString()
