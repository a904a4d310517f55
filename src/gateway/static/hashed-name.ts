/** Folders in which a framework keeps files named after their content (SvelteKit, Nuxt, Next, Astro). */
const HASHED_FOLDER = /(^|\/)(_app\/immutable|_nuxt|_next\/static|_astro)\//
/** Nuxt reads here which build is current. */
const NOT_HASHED = /(^|\/)_nuxt\/builds\//

/** `app.3f2a9c1b.js`, `main-3f2a9c1b.chunk.js` (webpack, Parcel, CRA). */
const HEX = /[.-](?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,64}\./
/** `index-BxY7c2dQ.js` (Vite, Rollup): the last eight characters before the extension. */
const BASE64URL =
  /[.-]([\w-]{8})\.(?:js|mjs|css|map|json|wasm|svg|png|jpe?g|gif|webp|avif|ico|woff2?|ttf|otf|mp[34]|webm)$/

/**
 * Whether a file's name changes with its content, so that a browser may keep it for a year without asking.
 *
 * A file that counts as hashed by mistake would stay stale for that year; one that is missed costs a 304. So doubtful
 * names do not count: `report-20241231.pdf`, `book-Chapter1.png`, any HTML. Of Vite's names about half are recognised.
 */
export function isHashedName(relative: string): boolean {
  if (/\.html?$/i.test(relative)) return false
  if (HASHED_FOLDER.test(`${relative}`)) return !NOT_HASHED.test(relative)
  const name = relative.slice(relative.lastIndexOf('/') + 1)
  return HEX.test(name) || isRandom(BASE64URL.exec(name)?.[1] ?? '')
}

/** Digits and letters of both cases, mixed as in no word or number. */
function isRandom(text: string): boolean {
  if (!/[0-9]/.test(text) || !/[a-z]/.test(text) || !/[A-Z]/.test(text)) return false
  const kinds = text
    .replace(/[0-9]+/g, '0')
    .replace(/[a-z]+/g, 'a')
    .replace(/[A-Z]+/g, 'A')
  return kinds.length >= 4
}
