const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For text and for attribute values in double quotes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char]!)

const MAX_NAME_CHARS = 60

/** An app's name for use inside a sentence: one line, without characters that reorder the sentence (Unicode bidi). */
export function displayName(name: string): string {
  const clean = withoutControls(name).replace(/\s+/g, ' ').trim()
  const chars = [...clean]
  if (chars.length === 0) return 'This app'
  return chars.length > MAX_NAME_CHARS
    ? `${chars
        .slice(0, MAX_NAME_CHARS - 1)
        .join('')
        .trimEnd()}…`
    : clean
}

/** Control, bidi and invisible format characters; keeps letters of every script and line ends. */
export const withoutControls = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')

/** Links lead to web pages or stay on this host; anything else, such as `javascript:`, is rejected. */
export const isSafeHref = (url: string): boolean =>
  /^https?:\/\/[^\s\\]+$/i.test(url) || /^(\/(?![/\\])[^\s\\]*)?$/.test(url)
