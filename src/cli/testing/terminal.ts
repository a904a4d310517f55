import { join } from 'node:path'

const COMMAND = join(import.meta.dir, '../index.ts')

export interface TerminalSession extends AsyncDisposable {
  /** Resolves once this has appeared on the screen since the last key; rejects when the command ends without it. */
  shows(text: string): Promise<void>
  type(keys: string): void
  readonly exited: Promise<number>
  screen(): string
}

/** The command in a pseudo-terminal, as a person has it. */
export function openTerminal(
  argv: readonly string[],
  options: { cwd: string; env?: Readonly<Record<string, string>> },
): TerminalSession {
  let screen = ''
  let seen = 0
  const watchers = new Set<() => void>()
  const child = Bun.spawn([process.execPath, COMMAND, ...argv], {
    cwd: options.cwd,
    env: {
      PATH: process.env.PATH,
      HOME: options.cwd,
      NO_COLOR: '1',
      TERM: 'xterm',
      BROWSER: 'none',
      ...options.env,
    },
    terminal: {
      cols: 100,
      rows: 40,
      data(_, bytes) {
        screen += Buffer.from(bytes).toString('utf8')
        for (const watcher of watchers) watcher()
      },
    },
  })
  return {
    shows: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!screen.slice(seen).includes(text)) return
          watchers.delete(look)
          resolve()
        }
        watchers.add(look)
        look()
        void child.exited.then(() => reject(new Error(`it ended without showing "${text}":\n${screen}`)))
      }),
    type(keys) {
      seen = screen.length
      child.terminal!.write(keys)
    },
    exited: child.exited,
    screen: () => screen,
    async [Symbol.asyncDispose]() {
      child.kill()
      await child.exited
      child.terminal!.close()
    },
  }
}
