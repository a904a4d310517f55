import type {
  LogEntry,
  MicroExit,
  MicroProcessSpec,
  MicroRunner,
  MicroStatus,
  ProcessRef,
  StartResult,
} from '../../runner/index.ts'
import { processKey } from '../../runner/index.ts'

/** A runner whose processes start and end when the test says so: for what may meet in time. */
export class ManualRunner implements MicroRunner {
  /** What happened, in order: `start <micro>@<build>`, `stop …`. */
  readonly events: string[] = []
  readonly specs: MicroProcessSpec[] = []
  /** By `processKey`. */
  readonly running = new Set<string>()
  /** Replaced to hold a start back or let it fail. */
  onStart: (spec: MicroProcessSpec) => Promise<StartResult> = async (spec) => readyAt(spec)
  readonly erased: string[] = []
  readonly touched: string[] = []
  /** What nothing has used for long, by `processKey`. */
  idle: string[] = []
  readonly #listeners: ((exit: MicroExit) => void)[] = []

  async ensureRunning(spec: MicroProcessSpec): Promise<StartResult> {
    const key = processKey(spec.process)
    this.events.push(`start ${nameOf(key)}`)
    this.specs.push(spec)
    this.running.add(key)
    const result = await this.onStart(spec)
    if (result.kind === 'failed') this.running.delete(key)
    return result
  }

  async stop(process: ProcessRef): Promise<void> {
    const key = processKey(process)
    if (!this.running.has(key)) return
    this.events.push(`stop ${nameOf(key)}`)
    this.end(key, 'stopped')
  }

  async sleep(process: ProcessRef): Promise<void> {
    const key = processKey(process)
    this.events.push(`sleep ${nameOf(key)}`)
    this.end(key, 'idle')
  }

  touch(process: ProcessRef): void {
    this.touched.push(nameOf(processKey(process)))
  }

  listIdle(): ProcessRef[] {
    return this.idle.map(refOf)
  }

  /** The process with this key exits. */
  end(key: string, reason: MicroExit['reason'] = 'crashed'): void {
    this.running.delete(key)
    for (const listener of this.#listeners) listener({ process: refOf(key), reason, message: reason })
  }

  onExit(listener: (exit: MicroExit) => void): () => void {
    this.#listeners.push(listener)
    return () => {}
  }

  async readLog(): Promise<LogEntry[]> {
    return []
  }

  async logTail(): Promise<string> {
    return 'its last words'
  }

  readonly written: string[] = []

  writeLog(instanceId: string, micro: string, line: string): void {
    this.written.push(`${instanceId} ${micro}: ${line}`)
  }

  deleteLogs(instanceId: string): void {
    this.erased.push(instanceId)
  }

  status(process: ProcessRef): MicroStatus {
    return this.running.has(processKey(process)) ? 'running' : 'asleep'
  }
}

/** The reverse of `processKey`, for tests. */
export function refOf(key: string): ProcessRef {
  const [instanceId = '', micro = '', buildId = '', run = '0'] = key.split(/[/@~]/)
  return { instanceId, micro, buildId, run: Number(run) }
}

const nameOf = (id: string) => id.slice(id.indexOf('/') + 1)

/** An address that tells which process it is of. */
const readyAt = ({ process }: MicroProcessSpec): StartResult => ({
  kind: 'ready',
  address: { host: processKey(process), port: 1 },
})
