import type { Supervisor } from '../runner/index.ts'

/** The operations of the runner that instances and pushes need. */
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
