/** Classes of octets from RFC 9110 and RFC 9112, as tables: one look-up per octet on the hot path. */

export const TAB = 0x09
export const LF = 0x0a
export const CR = 0x0d
export const SPACE = 0x20
export const ZERO = 0x30
export const COLON = 0x3a
export const SEMICOLON = 0x3b

/** `tchar` (RFC 9110, 5.6.2), what a field name is made of, in lower case; 0 for every other octet. */
export const LOWER_TOKEN = Uint8Array.from({ length: 256 }, (_, octet) => {
  const char = String.fromCharCode(octet)
  return octet < 0x7f && /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(char) ? char.toLowerCase().charCodeAt(0) : 0
})

/** Field content (RFC 9110, 5.5): visible ASCII, space, tab and obs-text. No other control, no DEL. */
export const IS_FIELD_CONTENT = tableOf((octet) => octet === TAB || (octet >= SPACE && octet !== 0x7f))

/**
 * Visible ASCII without `#`. Stricter than many servers: raw octets above 0x7e and fragments are read in different ways
 * (nginx cuts at `#`, others keep it), so the gateway refuses them.
 */
export const IS_TARGET = tableOf((octet) => octet > SPACE && octet < 0x7f && octet !== 0x23)

/** Value of a hexadecimal digit, 255 for every other octet. */
export const HEX_VALUE = Uint8Array.from({ length: 256 }, (_, octet) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(octet).toLowerCase())
  return value < 0 ? 255 : value
})

function tableOf(isMember: (octet: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, octet) => (isMember(octet) ? 1 : 0))
}
