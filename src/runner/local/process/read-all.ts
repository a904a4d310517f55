const MAX_CHARACTERS = 64 * 1024

/** The beginning of what a stream says, until it ends; the rest is read and dropped, so the writer never blocks. */
export async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of stream)
    if (text.length < MAX_CHARACTERS) text += decoder.decode(chunk, { stream: true })
  return text
}
