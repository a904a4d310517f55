const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'
const LENGTH = 12
/** Bytes from here on would make the first digits more frequent. */
const FAIR_BELOW = 256 - (256 % DIGITS.length)

/** 12 random characters, lower-case letters and digits, as clients know them; 62 bits. */
export function generateKey(): string {
  let key = ''
  while (key.length < LENGTH)
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH + 4)))
      if (byte < FAIR_BELOW && key.length < LENGTH) key += DIGITS[byte % DIGITS.length]
  return key
}
