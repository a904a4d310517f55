import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogEntry, LogQuery, LogStream } from '../../port.ts'

const EXTENSION = '.log'

/** One line of a file: `<milliseconds since 1970> <stream> <text>`. */
const LINE = /^(\d+) (stdout|stderr|runtime) (.*)$/

/**
 * Appends lines to a micro's log. No file stays open: two revisions of a micro may write at the same time, and
 * a deleted instance leaves no descriptor behind. A full file is rotated and replaces the previous rotated file.
 */
export function appendLog(
  file: { logsDir: string; instanceId: string; micro: string; maxBytes: number },
  entry: { stream: LogStream; timestampMs: number; lines: readonly string[] },
): void {
  const dir = join(file.logsDir, fileName(file.instanceId))
  const path = join(dir, fileName(file.micro) + EXTENSION)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size > file.maxBytes) renameSync(path, `${path}.1`)
  const text = entry.lines.map((line) => `${entry.timestampMs} ${entry.stream} ${line}\n`).join('')
  appendFileSync(path, text, { mode: 0o600 })
}

/** The output of an instance's micros, newest first. Empty for an unknown instance. */
export async function readLog(
  logsDir: string,
  instanceId: string,
  { micro, limit }: LogQuery,
): Promise<LogEntry[]> {
  const dir = join(logsDir, fileName(instanceId))
  const micros = micro === undefined ? await microsIn(dir) : [micro]
  const entries = await Promise.all(micros.map((name) => readMicroLog(dir, name, limit)))
  return entries
    .flat()
    .sort((a, b) => b.timestampMs - a.timestampMs)
    .slice(0, limit)
}

/** Deletes all logs of an instance. */
export function deleteLogs(logsDir: string, instanceId: string): void {
  rmSync(join(logsDir, fileName(instanceId)), { recursive: true, force: true })
}

async function microsIn(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(() => [])
  return names
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => decodeURIComponent(name.slice(0, -EXTENSION.length)))
}

async function readMicroLog(dir: string, micro: string, limit: number): Promise<LogEntry[]> {
  const path = join(dir, fileName(micro) + EXTENSION)
  const current = await entriesIn(path, micro)
  const older = current.length < limit ? await entriesIn(`${path}.1`, micro) : []
  return [...older, ...current].slice(-limit).toReversed()
}

async function entriesIn(path: string, micro: string): Promise<LogEntry[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    const [, timestamp, stream, message] = LINE.exec(line) ?? []
    return timestamp === undefined
      ? []
      : [{ micro, stream: stream as LogStream, timestampMs: Number(timestamp), text: message ?? '' }]
  })
}

/** Encodes any name as one path segment: without slashes, never `.` or `..`. */
const fileName = (name: string): string => encodeURIComponent(name).replaceAll('.', '%2E')
