export interface Rules {
  readonly open: readonly string[]
  readonly closed: readonly string[]
}

/**
 * Whether the rules call a handler private, in the plainest words: by the route it was registered under and by those
 * that the author of the app knows to lead to it. Regular expressions, and nothing of the code under test.
 *
 * A handler that ends in `/` stands for all that is below it, and is private only if no rule comes near it.
 */
export function isCalledPrivate(handler: string, isFile: boolean, { open, closed }: Rules): boolean {
  if (!isFile && handler.endsWith('/') && handler !== '/')
    return isFarFromAll(handler, open) || isWholeClosed(handler, closed)
  const names = isFile ? namesOfFile(handler) : namesOfRoute(handler)
  const isClosed = closed.some((pattern) => names.some((name) => expressionOf(pattern).test(name)))
  const isOpen = open.some((pattern) => names.some((name) => expressionOf(pattern).test(name)))
  return isClosed || !isOpen
}

/** Routers that are not strict answer with and without a slash at the end. */
function namesOfRoute(route: string): string[] {
  const bare = route.replace(/\/$/, '')
  return bare === '' ? ['/'] : [bare, `${bare}/`]
}

/** File servers leave out `index.html` and `.html`. */
function namesOfFile(file: string): string[] {
  const names = [file, ...namesOfRoute(file)]
  if (file.endsWith('/index.html')) names.push(...namesOfRoute(file.slice(0, -'index.html'.length)))
  if (file.endsWith('.html')) names.push(...namesOfRoute(file.slice(0, -'.html'.length)))
  return names
}

/** Whatever the case: to a router that ignores it, two spellings are one route. */
function expressionOf(pattern: string): RegExp {
  const [head = '', not] = pattern.split('(?!')
  if (not === undefined) return new RegExp(`^${pattern.split('*').map(text).join('[^]*')}$`, 'i')
  const starts = not.replace(/[()*]/g, '').split('|').map(text)
  return new RegExp(`^${text(head)}(?!${starts.join('|')})`, 'i')
}

function isFarFromAll(prefix: string, open: readonly string[]): boolean {
  return open.every((pattern) => {
    const head = pattern.split(/[*(]/)[0]?.toLowerCase() ?? ''
    const isExact = !/[*(]/.test(pattern)
    return isExact ? !head.startsWith(prefix) : !head.startsWith(prefix) && !prefix.startsWith(head)
  })
}

const isWholeClosed = (prefix: string, closed: readonly string[]): boolean => closed.includes(`${prefix}*`)

const text = (part: string): string => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
