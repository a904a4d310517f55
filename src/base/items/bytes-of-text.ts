/** Whether the UTF-8 of a text is longer. Each UTF-16 unit takes one to three bytes: most texts need no counting. */
export const isLongerThan = (text: string, bytes: number): boolean =>
  text.length * 3 > bytes && Buffer.byteLength(text) > bytes
