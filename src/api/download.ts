/**
 * A file that an app stored, as Home serves it to its owner. Home's session is valid on this origin, so the file must
 * never run as a page, script, style sheet or worker of Home, whatever its name, its type and its content are.
 */

/** `sandbox` without `allow-scripts`: even where a browser shows the file, it has no origin and runs nothing. */
const POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"

/** Browsers run none of these where Home refers to them: in `<img>`, an SVG has no scripts and loads nothing. */
const SHOWN = /^(image|audio|video)\/[a-z0-9][a-z0-9.+-]{0,80}$/i

const COPIED = ['etag', 'last-modified', 'accept-ranges', 'content-range'] as const

/** A type that Home's page shows as a picture, sound or video; every other type is only bytes. */
export function downloadType(stored: string | null): string {
  const [type = ''] = (stored ?? '').split(';', 1)
  return SHOWN.test(type.trim()) ? type.trim().toLowerCase() : 'application/octet-stream'
}

export function downloadHeaders(name: string, from: Headers): Headers {
  const headers = new Headers({
    'Content-Type': downloadType(from.get('content-type')),
    'Content-Disposition': `attachment; filename*=UTF-8''${encodedName(name)}`,
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
  })
  for (const header of COPIED) {
    const value = from.get(header)
    if (value !== null) headers.set(header, value)
  }
  // Bun sends a stream without its length; the gateway adds the length again from this header.
  const length = from.get('content-length') ?? from.get('x-space-data-length')
  if (length !== null) headers.set('X-Space-Data-Length', length)
  return headers
}

/** RFC 8187. Browsers take what follows the last slash; control and direction characters could hide the real ending. */
function encodedName(name: string): string {
  const plain = name
    .slice(name.lastIndexOf('/') + 1)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\\:*?"<>|]/gu, '_')
  return encodeURIComponent(plain || 'file').replace(
    /['()*!]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  )
}
