/**
 * Header of an answer whose body is a stream of known length. `Bun.serve` sends streams in chunks and drops
 * `Content-Length`; a door that writes HTTP itself sends this number as `Content-Length`, and removes the header.
 */
export const BODY_LENGTH = 'x-space-body-length'
