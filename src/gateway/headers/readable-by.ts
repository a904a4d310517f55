/** What a page of another origin needs to read an answer (Fetch, 3.2): never with cookies, and for this origin alone. */
export const readableLines = (origin: string): string =>
  `Access-Control-Allow-Origin: ${origin}\r\nVary: Origin\r\n`

/** What an app says of this itself gives way: two answers to the question are none. */
export const isAboutReaders = (key: string): boolean =>
  key === 'access-control-allow-origin' || key === 'access-control-allow-credentials'
