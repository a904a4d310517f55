import type { Supervisor } from '../runner/index.ts'

/** What of the runtime's supervisor is needed here. */
export type MicroRunner = Pick<
  Supervisor,
  | 'ensureRunning'
  | 'stop'
  | 'sleep'
  | 'touch'
  | 'listIdle'
  | 'onExit'
  | 'status'
  | 'logTail'
  | 'writeLog'
  | 'deleteLogs'
>
