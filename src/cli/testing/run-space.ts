import { Readable, Writable } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'
import { main } from '../index.ts'
import { type FakePlatform, FAKE_TOKEN } from './fake-platform.ts'

export interface RunResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly now?: () => number
}

/** Runs the command in this process, away from any terminal, with an environment of its own. */
export async function runSpace(argv: readonly string[], options: RunOptions): Promise<RunResult> {
  const stdout = collector()
  const stderr = collector()
  const exitCode = await main(argv, {
    cwd: options.cwd,
    env: { HOME: options.cwd, ...options.env },
    stdin: Readable.from([Buffer.from(options.stdin ?? '')]) as unknown as ReadStream,
    stdout: stdout.stream,
    stderr: stderr.stream,
    now: options.now,
  })
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() }
}

function collector() {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      chunks.push(chunk)
      done()
    },
  })
  return { stream: stream as unknown as WriteStream, text: () => Buffer.concat(chunks).toString('utf8') }
}

/** The environment of a user who is logged in to the peer. */
export const asUserOf = (peer: FakePlatform) => ({
  SPACE_ROOT: `${peer.origin}/api`,
  SPACE_ACCESS_TOKEN: FAKE_TOKEN,
})
