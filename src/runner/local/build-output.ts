import { linesOf } from './logs/line-splitter.ts'
import { OutputTail } from './logs/output-tail.ts'
import type { RunningProcess } from './process/running-process.ts'

/** Passes on the first `maxLines` lines of a build command and, at the end, the last of the remaining ones. */
export async function readBuildOutput(
  process: RunningProcess,
  onLine: (line: string) => void,
  maxLines: number,
): Promise<void> {
  const tail = new OutputTail()
  let lineCount = 0
  const drain = async (stream: 'stdout' | 'stderr') => {
    for await (const lines of linesOf(process[stream]))
      for (const line of lines) {
        lineCount += 1
        if (lineCount <= maxLines) onLine(line)
        else tail.add([line])
      }
  }
  await Promise.all([drain('stdout'), drain('stderr')])
  if (lineCount <= maxLines) return
  // The end of a long output says why the command failed.
  onLine(`… ${lineCount - maxLines} more lines, of which the last are:`)
  for (const line of tail.lines) onLine(line)
}
