/** An app that writes with all its might: 32 writers without a pause. Arguments: data.sock, data key. Prints 1. */
const [socket = '', key = ''] = process.argv.slice(2)
const WRITERS = 32
const [collectionId] = key.split('_', 1)

async function write(writer: number): Promise<never> {
  for (let at = 0; ; at += 1) {
    const item = { key: `w${writer}-${at % 3_000}`, at: Math.random(), text: 'x'.repeat(900) }
    const init = {
      method: 'PUT',
      unix: socket,
      headers: {
        'x-space-gateway-service': 'base',
        'x-space-gateway-target': `/v1/${collectionId}/items/items`,
        'x-api-key': key,
      },
      body: JSON.stringify({ items: [item] }),
    }
    const response = await fetch('http://data/', init)
    await response.arrayBuffer()
  }
}

export const IS_READY = 1

console.log(IS_READY)
await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)))
