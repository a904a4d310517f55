/** An app that writes with all its might: 32 writers without a pause. Arguments: data.sock, data key. Prints 1. */
import { viaDoor } from './data-door.ts'

const [socket = '', key = ''] = process.argv.slice(2)
const WRITERS = 32

async function write(writer: number): Promise<never> {
  for (let at = 0; ; at += 1) {
    const item = { key: `w${writer}-${at % 3_000}`, at: Math.random(), text: 'x'.repeat(900) }
    const body = JSON.stringify({ items: [item] })
    const response = await fetch('http://data/', {
      ...viaDoor({ socket, key }, '/items'),
      method: 'PUT',
      body,
    })
    await response.arrayBuffer()
  }
}

console.log(1)
await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)))
