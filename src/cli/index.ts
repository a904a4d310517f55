/**
 * The `space` command. Owns everything a person or a script does from a terminal: arguments, prompts, packing,
 * signing, and how results and failures are shown. Talks to a server over its HTTP API only, and never reads a
 * server's data folder.
 */
import { hostEnvironment } from '../config/index.ts'
import { type Host, createContext } from './context.ts'
import { runProgram } from './program.ts'
import { printFailure } from './print-failure.ts'

/** Runs one command. Exit code: 0 success, 1 failure, 2 usage error, 3 (`audit`) not every registry could be asked, 130 cancelled. Never throws. */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  const cli = createContext(host, { wantsJson: argv.includes('--json') })
  try {
    await runProgram(cli, argv)
    return 0
  } catch (error) {
    return printFailure(cli, error)
  }
}

if (import.meta.main) {
  // `space logs app | head` closes our output early, which is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  process.exitCode = await main(process.argv.slice(2), {
    env: hostEnvironment(),
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  })
}
