/** The normal form of a path below a folder (`.` for the folder itself), or the reason why it is invalid. */
export type RelativePath =
  { readonly kind: 'ok'; readonly path: string } | { readonly kind: 'bad'; readonly reason: string }

export function parseRelativePath(text: string): RelativePath {
  if (text.trim() === '') return bad('is empty; write `.` for the folder itself')
  if (text.includes('\\')) return bad('contains a backslash; write `/`')
  if (text.startsWith('/')) return bad('is absolute; write it relative, without the first `/`')
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.')
  if (segments.includes('..')) return bad('leaves its folder through `..`')
  return { kind: 'ok', path: segments.length === 0 ? '.' : segments.join('/') }
}

function bad(reason: string): RelativePath {
  return { kind: 'bad', reason }
}
