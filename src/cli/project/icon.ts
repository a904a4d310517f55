export type IconCheck =
  | { readonly kind: 'ok'; readonly contentType: 'image/png' | 'image/webp' }
  | { readonly kind: 'bad'; readonly problem: string }

const SIDE = 512

/** An icon has to be a PNG or WebP of 512 × 512 (COMPAT 2.8). Reads the header only, and by content, not by name. */
export function checkIcon(bytes: Uint8Array): IconCheck {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const image = pngSize(view) ?? webpSize(view)
  if (!image) return { kind: 'bad', problem: 'is neither a PNG nor a WebP image' }
  if (image.width !== SIDE || image.height !== SIDE)
    return {
      kind: 'bad',
      problem: `is ${image.width} × ${image.height} pixels; it must be ${SIDE} × ${SIDE}`,
    }
  return { kind: 'ok', contentType: image.contentType }
}

interface Image {
  readonly contentType: 'image/png' | 'image/webp'
  readonly width: number
  readonly height: number
}

function pngSize(view: DataView): Image | null {
  if (view.byteLength < 24 || view.getUint32(0) !== 0x89504e47 || textAt(view, 12) !== 'IHDR') return null
  return { contentType: 'image/png', width: view.getUint32(16), height: view.getUint32(20) }
}

/** RFC 9649: the size stands in another place in each of the three kinds of WebP. */
function webpSize(view: DataView): Image | null {
  if (view.byteLength < 30 || textAt(view, 0) !== 'RIFF' || textAt(view, 8) !== 'WEBP') return null
  switch (textAt(view, 12)) {
    case 'VP8X':
      return webp(1 + uint24(view, 24), 1 + uint24(view, 27))
    case 'VP8L': {
      const bits = view.getUint32(21, true)
      return webp(1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff))
    }
    case 'VP8 ':
      return webp(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff)
    default:
      return null
  }
}

const webp = (width: number, height: number): Image => ({ contentType: 'image/webp', width, height })

const textAt = (view: DataView, at: number) =>
  String.fromCharCode(...Array.from({ length: 4 }, (_, index) => view.getUint8(at + index)))

const uint24 = (view: DataView, at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
