import type { MicroExit, MicroProcessSpec, MicroStatus, StartResult } from '../../runner/index.ts'
import type { MicroRunner } from '../micro-runner.ts'

/** A runner whose processes start and end when the test says so: for what may meet in time. */
export class ManualRunner implements MicroRunner {
  /** What happened, in order: `start <micro>@<build>`, `stop …`. */
  readonly events: string[] = []
  readonly specs: MicroProcessSpec[] = []
  readonly running = new Set<string>()
  /** Replaced to hold a start back or let it fail. */
  onStart: (spec: MicroProcessSpec) => Promise<StartResult> = async (spec) => readyAt(spec)
  readonly erased: string[] = []
  readonly touched: string[] = []
  /** What nothing has used for long. */
  idle: string[] = []
  readonly #listeners: ((exit: MicroExit) => void)[] = []

  async ensureRunning(spec: MicroProcessSpec): Promise<StartResult> {
    this.events.push(`start ${nameOf(spec.id)}`)
    this.specs.push(spec)
    this.running.add(spec.id)
    const result = await this.onStart(spec)
    if (result.kind === 'failed') this.running.delete(spec.id)
    return result
  }

  async stop(id: string): Promise<void> {
    if (!this.running.has(id)) return
    this.events.push(`stop ${nameOf(id)}`)
    this.end(id, 'stopped')
  }

  async sleep(id: string): Promise<void> {
    this.events.push(`sleep ${nameOf(id)}`)
    this.end(id, 'idle')
  }

  touch(id: string): void {
    this.touched.push(nameOf(id))
  }

  listIdle(): string[] {
    return this.idle
  }

  /** The process ends by itself. */
  end(id: string, reason: MicroExit['reason'] = 'crashed'): void {
    this.running.delete(id)
    const [instanceId = '', micro = ''] = id.split(/[/@]/)
    for (const listener of this.#listeners) listener({ id, instanceId, micro, reason, message: reason })
  }

  onExit(listener: (exit: MicroExit) => void): () => void {
    this.#listeners.push(listener)
    return () => {}
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

  status(id: string): MicroStatus {
    return this.running.has(id) ? 'running' : 'asleep'
  }
}

const nameOf = (id: string) => id.slice(id.indexOf('/') + 1)

/** An address that tells which process it is of. */
const readyAt = ({ id }: MicroProcessSpec): StartResult => ({
  kind: 'ready',
  address: { host: id, port: 1 },
})
