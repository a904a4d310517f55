import type { Cause } from '../cause.ts'

const PUSH = 'Then run: space push'

/** Bounds and state of this machine. Before all others: what they break prints misleading errors. */
export const MACHINE: readonly Cause[] = [
  {
    id: 'memory-limit',
    pattern: /ran out of memory \(limit (\d+) MB\)/,
    culprit: 'app',
    sentence: 'The build used more memory than a build may have ($1 MB).',
    next: 'Build with less in parallel, or ask the administrator for more memory for builds.',
  },
  {
    id: 'killed-in-build',
    pattern:
      /^(?:\/bin\/sh: .*)?Killed$|exited with code 137|npm (?:ERR!|error) signal SIGKILL|(?:ELIFECYCLE|Command failed).*exit code 137/m,
    culprit: 'app',
    sentence: 'A program of the build was killed, most likely because it used too much memory.',
    next: 'Build with less in parallel, or ask the administrator for more memory for builds.',
  },
  {
    id: 'node-heap',
    pattern: /JavaScript heap out of memory|Reached heap limit Allocation failed/,
    culprit: 'app',
    sentence: 'Node.js reached the limit of its own memory.',
    next: `Raise it in the build command: NODE_OPTIONS=--max-old-space-size=3072 npm run build. ${PUSH}`,
  },
  {
    id: 'rust-killed',
    pattern: /signal: 9, SIGKILL: kill/,
    culprit: 'app',
    sentence: 'The Rust compiler was killed, most likely because it used too much memory.',
    next: `Set CARGO_BUILD_JOBS=1 before the command. ${PUSH}`,
  },
  {
    id: 'disk-full',
    pattern: /\bENOSPC\b|No space left on device|\bEDQUOT\b|Disk quota exceeded/i,
    culprit: 'server',
    sentence: 'The disk of this server, or /tmp of the build, is full.',
    next: `Free some space on the server. ${PUSH}`,
  },
  {
    id: 'file-size',
    pattern: /wrote a file larger than (\S+ \S+)|File size limit exceeded/,
    culprit: 'app',
    sentence: 'The build wrote a larger file than a build may.',
    next: 'Write smaller files, or ask the administrator to raise --build-disk.',
  },
  {
    id: 'open-files',
    pattern: /\bEMFILE\b|Too many open files/i,
    culprit: 'server',
    sentence: 'The build opened more files than this server allows.',
    next: 'Build with less in parallel, or raise the limit of open files (ulimit -n) of the server.',
  },
  {
    id: 'processes',
    pattern:
      /\bfork: (?:retry: )?Resource temporarily unavailable|spawn \S+ EAGAIN|can't start new thread|pthread_create failed/,
    culprit: 'app',
    sentence: 'The build started more processes or threads than a build may.',
    next: `Build with less in parallel. ${PUSH}`,
  },
  {
    id: 'time',
    pattern: /took longer than (\S+ s)/,
    culprit: 'app',
    sentence: 'The step was stopped because it took longer than $1.',
    next: 'Make sure that the command ends by itself (a development server does not), or ask the administrator for more time.',
  },
  {
    id: 'server-stops',
    pattern: /the server is stopping/,
    culprit: 'server',
    sentence: 'The server is stopping.',
    next: 'Wait until the server runs again. Then run: space push',
  },
]
