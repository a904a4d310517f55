import { expect, test } from 'bun:test'
import { isCompressible, mediaTypeOf } from './media-types.ts'

const CASES: readonly [name: string, mediaType: string, isCompressible: boolean][] = [
  ['index.html', 'text/html; charset=utf-8', true],
  ['INDEX.HTML', 'text/html; charset=utf-8', true],
  ['a/b.c/app.min.js', 'text/javascript; charset=utf-8', true],
  ['module.mjs', 'text/javascript; charset=utf-8', true],
  ['app.js.map', 'application/json', true],
  ['data.json', 'application/json', true],
  ['style.css', 'text/css; charset=utf-8', true],
  ['notes.txt', 'text/plain; charset=utf-8', true],
  ['site.webmanifest', 'application/manifest+json', true],
  ['module.wasm', 'application/wasm', true],
  ['logo.svg', 'image/svg+xml', true],
  ['feed.xml', 'application/xml', true],
  ['favicon.ico', 'image/vnd.microsoft.icon', true],
  ['font.woff2', 'font/woff2', false],
  ['font.ttf', 'font/ttf', true],
  ['photo.avif', 'image/avif', false],
  ['photo.JPG', 'image/jpeg', false],
  ['film.mp4', 'video/mp4', false],
  ['book.pdf', 'application/pdf', false],
  ['archive.tar.gz', 'application/gzip', false],
  ['.well-known/apple-app-site-association', 'application/json', true],
  ['LICENSE', 'application/octet-stream', false],
  ['name.', 'application/octet-stream', false],
  ['html', 'application/octet-stream', false],
  ['a.html/b', 'application/octet-stream', false],
  ['evil.html.unknown', 'application/octet-stream', false],
  ['x.constructor', 'application/octet-stream', false],
  ['x.__proto__', 'application/octet-stream', false],
  ['constructor', 'application/octet-stream', false],
]

for (const [name, mediaType, compressible] of CASES)
  test(`${name} is ${mediaType}`, () => {
    expect([mediaTypeOf(name), isCompressible(mediaTypeOf(name))]).toEqual([mediaType, compressible])
  })
