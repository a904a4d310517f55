const MAX_CHARACTERS = 64 * 1024

/** Reads a stream to its end and returns the beginning. The rest is read and discarded, so the writer never blocks. */
export async function readAll(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of stream)
    if (text.length < MAX_CHARACTERS) text += decoder.decode(chunk, { stream: true })
  return text
}
