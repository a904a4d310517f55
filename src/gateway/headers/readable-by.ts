/**
 * The lines that let a page of another origin read an answer (Fetch, 3.2): never with cookies, and for this origin
 * alone.
 */
export const readableLines = (origin: string): string =>
  `Access-Control-Allow-Origin: ${origin}\r\nVary: Origin\r\n`

/** An app's own lines are replaced: browsers reject two values. */
export const isAboutReaders = (key: string): boolean =>
  key === 'access-control-allow-origin' || key === 'access-control-allow-credentials'
