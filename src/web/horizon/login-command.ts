const DEFAULT_ORIGIN = 'http://localhost:7070'

/** What to type to log in to the server at this address: a name below `localhost` resolves in browsers only. */
export function loginCommand({
  origin,
  hostname,
  port,
}: Pick<Location, 'origin' | 'hostname' | 'port'>): string {
  const server = hostname.endsWith('.localhost') ? `http://localhost${port && `:${port}`}` : origin
  return server === DEFAULT_ORIGIN ? 'npx space login' : `npx space login --server ${server}`
}
