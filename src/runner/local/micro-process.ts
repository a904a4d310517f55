import type { Logger } from '../../kernel/log.ts'
import type { UpstreamAddress } from '../../directory/index.ts'
import type { DataDoor } from '../data-door.ts'
import type { MicroLimits } from '../limits.ts'
import type { MicroProcessSpec } from '../micro-spec.ts'
import type { LogStream, StartResult } from '../port.ts'
import type { Tool } from '../tool.ts'
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
import { APP_DIR } from './sandbox/app-dir.ts'
import { MICRO_PORT } from './sandbox/pasta-args.ts'
import { toolMounts } from './sandbox/tool-mounts.ts'
import { TRUST_ENVIRONMENT, trustMounts } from './sandbox/trust.ts'

export interface MicroParts {
  readonly sandbox: RunnableSandbox
  readonly logsDir: string
  readonly log: Logger
  readonly hasRoomForLogs: () => boolean
  readonly limits: MicroLimits
  readonly reach: Reach
  readonly dataDoor: DataDoor | null
  readonly now: () => number
  /** Aborted when the micro is to be stopped, possibly during its start. */
  readonly cancel: AbortSignal
  /** Those that the micro names. */
  readonly tools: readonly Tool[]
}

/** A launched micro; it may not listen yet. */
export interface MicroProcess {
  /** Resolves once the micro listens or its start has failed. A failed micro has exited by then. Never rejects. */
  readonly started: Promise<StartResult>
  /** Resolves with a sentence about the exit, once all processes have exited and all output is in the log. */
  readonly ended: Promise<string>
  stop(): Promise<void>
}

/** Starts a micro and captures its output from the first byte. Throws when the sandbox cannot be set up. */
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
  const door = parts.sandbox.kind === 'sandboxed' ? parts.dataDoor : null
  return {
    script: spec.command,
    dir: { source: spec.dir, target: APP_DIR, writable: false },
    otherMounts: [...toolMounts(parts.tools), ...(door ? trustMounts(door.micros) : [])],
    env: microEnvironment(parts.sandbox, {
      dir: spec.dir,
      env: { ...(door ? TRUST_ENVIRONMENT : {}), ...spec.env },
      tools: parts.tools,
    }),
    owner: spec.process.instanceId,
    inbound: true,
    // A relay on the micro's own port would prevent the micro from listening there.
    ownHost: spec.ownHost?.port === MICRO_PORT ? null : spec.ownHost,
    ...(door ? { dataSocket: door.socketPath } : {}),
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
  if (process.address === null) throw new Error('a micro was launched without an inbound address')
  return process.address
}

interface Output {
  readonly drained: Promise<void>
  tail(): string
  /** Adds a line of the platform. */
  note(line: string): void
}

function captureOutput(parts: MicroParts, spec: MicroProcessSpec, process: RunningProcess): Output {
  const { instanceId, micro } = spec.process
  const tail = new OutputTail()
  const write = (stream: LogStream, lines: readonly string[]) => {
    tail.add(lines)
    if (!parts.hasRoomForLogs()) return
    try {
      appendLog(
        { instanceId, micro, logsDir: parts.logsDir, maxBytes: parts.limits.logBytes },
        { stream, timestampMs: parts.now(), lines },
      )
    } catch (cause) {
      // Keep reading when the disk is full: otherwise the app blocks on its next write.
      parts.log.error('cannot write a log', { instance: instanceId, micro }, cause)
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
