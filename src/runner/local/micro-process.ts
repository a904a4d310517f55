import type { Logger } from '../../kernel/log.ts'
import type { UpstreamAddress } from '../../directory/index.ts'
import { linesOf } from './logs/line-splitter.ts'
import { appendLog } from './logs/log-files.ts'
import { OutputTail } from './logs/output-tail.ts'
import type { Command } from './process/command.ts'
import { explainCrlf } from './process/crlf-script.ts'
import { microEnvironment } from './process/environment.ts'
import { launch, type RunnableSandbox } from './process/launch.ts'
import { describeExit, describeSilence } from './process/messages.ts'
import { endWhenStopped } from './process/end-when-stopped.ts'
import { waitUntilReady } from './process/readiness.ts'
import { type RunningProcess, endProcess } from './process/running-process.ts'
import type { Reach } from './sandbox/closed-addresses.ts'
import { DRAIN_MS, within } from './process/wait.ts'
import { APP_DIR } from './sandbox/launch.ts'
import { MICRO_PORT } from './sandbox/pasta-args.ts'
import type { LogStream, MicroProcessSpec, RuntimeLimits, StartResult } from '../types.ts'

export interface MicroParts {
  readonly sandbox: RunnableSandbox
  readonly logsDir: string
  readonly log: Logger
  readonly hasRoomForLogs: () => boolean
  readonly limits: RuntimeLimits
  readonly reach: Reach
  readonly now: () => number
  /** Aborted when the micro is to be stopped; it may be starting. */
  readonly cancel: AbortSignal
}

/** A micro that was let go: it may still be starting. */
export interface MicroProcess {
  /** Settles once it listens or will not. A micro that failed has ended by then. Never rejects. */
  readonly started: Promise<StartResult>
  /** What happened, in a sentence, once everything has ended and all of its output is in the log. */
  readonly ended: Promise<string>
  stop(): Promise<void>
}

/** Starts a micro and captures its output from the first byte. Throws when the sandbox could not be built. */
export async function startMicro(
  parts: MicroParts,
  spec: MicroProcessSpec,
  timeoutMs: number,
): Promise<MicroProcess> {
  const process = await launch(parts.sandbox, commandOf(parts, spec))
  const output = captureOutput(parts, spec, process)
  let hasListened = false
  const ended = process.exited.then(async (status) => {
    await within(output.drained, DRAIN_MS, undefined)
    const hint = hasListened ? null : explainCrlf(spec.dir, spec.command)
    const message = describeExit(status, parts.limits, hint)
    output.note(message)
    return message
  })
  const { stopGraceMs: graceMs, stoppedMs } = parts.limits
  const started = readiness(process, ended, output, { timeoutMs, graceMs })
  void started.then(({ kind }) => {
    hasListened = kind === 'ready'
    if (hasListened) endWhenStopped(process, stoppedMs)
  })
  return {
    ended,
    started,
    stop: async () => {
      await endProcess(process, parts.limits.stopGraceMs)
      await ended
    },
  }
}

function commandOf(parts: MicroParts, spec: MicroProcessSpec): Command {
  return {
    script: spec.command,
    dir: { source: spec.dir, target: APP_DIR, writable: false },
    otherMounts: [],
    env: microEnvironment(parts.sandbox, spec.dir, spec.env),
    owner: spec.instanceId,
    inbound: true,
    // A door on the micro's own port would keep it from listening there.
    ownHost: spec.ownHost?.port === MICRO_PORT ? null : spec.ownHost,
    reach: parts.reach,
    limits: parts.limits,
    cancel: parts.cancel,
  }
}

async function readiness(
  process: RunningProcess,
  ended: Promise<string>,
  output: Output,
  { timeoutMs, graceMs }: { timeoutMs: number; graceMs: number },
): Promise<StartResult> {
  const state = await waitUntilReady(process, timeoutMs)
  switch (state.kind) {
    case 'ready':
      return { kind: 'ready', address: addressOf(process) }
    case 'exited':
      return { kind: 'failed', reason: 'crashed', message: await ended, logTail: output.tail() }
    case 'timeout': {
      const message = describeSilence(state.elsewhere, timeoutMs)
      output.note(message)
      await endProcess(process, graceMs)
      await ended
      return { kind: 'failed', reason: 'never-listened', message, logTail: output.tail() }
    }
  }
}

function addressOf(process: RunningProcess): UpstreamAddress {
  if (process.address === null) throw new Error('a micro was launched without a way in')
  return process.address
}

interface Output {
  readonly drained: Promise<void>
  tail(): string
  /** Adds a line of the platform's own. */
  note(line: string): void
}

function captureOutput(parts: MicroParts, spec: MicroProcessSpec, process: RunningProcess): Output {
  const tail = new OutputTail()
  const write = (stream: LogStream, lines: readonly string[]) => {
    tail.add(lines)
    if (!parts.hasRoomForLogs()) return
    try {
      appendLog(
        { ...spec, logsDir: parts.logsDir, maxBytes: parts.limits.logBytes },
        { stream, timestampMs: parts.now(), lines },
      )
    } catch (cause) {
      // A full disk is no reason to stop reading: the app would block on its next line.
      parts.log.error('cannot write a log', { instance: spec.instanceId, micro: spec.micro }, cause)
    }
  }
  const drain = async (stream: 'stdout' | 'stderr') => {
    for await (const lines of linesOf(process[stream])) write(stream, lines)
  }
  return {
    drained: Promise.all([drain('stdout'), drain('stderr')]).then(() => {}),
    tail: () => tail.lines.join('\n'),
    note: (line) => write('runtime', [line]),
  }
}
