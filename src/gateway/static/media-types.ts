const UTF8 = '; charset=utf-8'

/** By extension in lower case (IANA media types). Text counts as UTF-8, which current tools write. */
const TYPES: Readonly<Record<string, string>> = {
  html: `text/html${UTF8}`,
  htm: `text/html${UTF8}`,
  xhtml: 'application/xhtml+xml',
  css: `text/css${UTF8}`,
  js: `text/javascript${UTF8}`,
  mjs: `text/javascript${UTF8}`,
  cjs: `text/javascript${UTF8}`,
  json: 'application/json',
  map: 'application/json',
  jsonld: 'application/ld+json',
  geojson: 'application/geo+json',
  webmanifest: 'application/manifest+json',
  wasm: 'application/wasm',
  xml: 'application/xml',
  xsl: 'application/xml',
  rss: 'application/rss+xml',
  atom: 'application/atom+xml',
  txt: `text/plain${UTF8}`,
  text: `text/plain${UTF8}`,
  log: `text/plain${UTF8}`,
  md: `text/markdown${UTF8}`,
  csv: `text/csv${UTF8}`,
  tsv: `text/tab-separated-values${UTF8}`,
  vtt: `text/vtt${UTF8}`,
  ics: `text/calendar${UTF8}`,
  vcf: `text/vcard${UTF8}`,
  yaml: 'application/yaml',
  yml: 'application/yaml',
  toml: 'application/toml',
  svg: 'image/svg+xml',
  png: 'image/png',
  apng: 'image/apng',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  jxl: 'image/jxl',
  heic: 'image/heic',
  ico: 'image/vnd.microsoft.icon',
  bmp: 'image/bmp',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  woff: 'font/woff',
  woff2: 'font/woff2',
  ttf: 'font/ttf',
  otf: 'font/otf',
  eot: 'application/vnd.ms-fontobject',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  flac: 'audio/flac',
  oga: 'audio/ogg',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  weba: 'audio/webm',
  mid: 'audio/midi',
  midi: 'audio/midi',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  ogv: 'video/ogg',
  webm: 'video/webm',
  mpd: 'application/dash+xml',
  m3u8: 'application/vnd.apple.mpegurl',
  pdf: 'application/pdf',
  epub: 'application/epub+zip',
  rtf: 'application/rtf',
  zip: 'application/zip',
  gz: 'application/gzip',
  zst: 'application/zstd',
  tar: 'application/x-tar',
  '7z': 'application/x-7z-compressed',
  gltf: 'model/gltf+json',
  glb: 'model/gltf-binary',
  onnx: 'application/octet-stream',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
}

/** Files that a standard names without an extension. */
const NAMED: Readonly<Record<string, string>> = {
  'apple-app-site-association': 'application/json',
}

const COMPRESSIBLE =
  /^text\/|[+/](json|xml|javascript|yaml|toml|wasm)\b|^font\/[to]tf|fontobject|bmp$|microsoft\.icon$/

/**
 * Media type by file name; unknown names get the type of plain bytes, which a browser offers to save and never runs.
 */
export function mediaTypeOf(relative: string): string {
  const name = relative.slice(relative.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  const extension = name.slice(dot + 1).toLowerCase()
  const found = dot === -1 ? own(NAMED, name) : own(TYPES, extension)
  return found ?? 'application/octet-stream'
}

/** Whether a compressed form of such a file may exist. */
export const isCompressible = (mediaType: string): boolean => COMPRESSIBLE.test(mediaType)

const own = (table: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined
