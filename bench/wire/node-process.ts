import { join } from 'node:path'

/** A real Node that answers each line with a line. */
export interface NodeProcess extends AsyncDisposable {
  ask(line: string): Promise<string>
}

/** Runs a script of this folder. */
export function startNode(script: string): NodeProcess {
  const child = Bun.spawn(['node', join(import.meta.dir, script)], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const lines = linesOf(child.stdout)
  return {
    async ask(line) {
      child.stdin.write(`${line}\n`)
      await child.stdin.flush()
      const { value } = await lines.next()
      if (value === undefined) throw new Error(`${script} has ended`)
      return value
    },
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await child.exited
    },
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const bytes of stream) {
    text += decoder.decode(bytes, { stream: true })
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      yield text.slice(0, end)
      text = text.slice(end + 1)
    }
  }
}
