const [QUOTE, BACKSLASH, OPEN_LIST, OPEN_OBJECT, COMMA, COLON] = Buffer.from('"\\[{,:')

/** Whether JSON has more values and names than this: parsing a few MB of short names takes seconds. */
export function hasMoreValues(bytes: Uint8Array, most: number): boolean {
  let values = 0
  let isText = false
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (isText) {
      if (byte === BACKSLASH) at += 1
      else if (byte === QUOTE) isText = false
    } else if (byte === QUOTE) isText = true
    else if (byte === COMMA || byte === COLON || byte === OPEN_LIST || byte === OPEN_OBJECT) values += 1
    if (values > most) return true
  }
  return false
}
