const DEFAULT_ORIGIN = 'http://localhost:7070'

/** The command that logs in to the server at this address. Names below `localhost` resolve in browsers only. */
export function loginCommand({
  origin,
  hostname,
  port,
}: Pick<Location, 'origin' | 'hostname' | 'port'>): string {
  const server = hostname.endsWith('.localhost') ? `http://localhost${port && `:${port}`}` : origin
  return server === DEFAULT_ORIGIN ? 'npx space login' : `npx space login --server ${server}`
}
