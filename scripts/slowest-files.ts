import { readFileSync } from 'node:fs'

export interface FileTime {
  readonly file: string
  readonly ms: number
}

/** The slowest of the files that this output of `bun test` names, by the timings that it has written. */
export function slowestFiles(timingsPath: string, output: string, most: number): FileTime[] {
  const files = readTimings(timingsPath)
  const ran = new Set([...output.matchAll(/^(\S+\.test\.tsx?):$/gm)].map((match) => match[1]!))
  return Object.entries(files)
    .map(([file, ms]) => ({ file, ms }))
    .filter(({ file }) => ran.has(file))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, most)
}

/** Empty after a run that ended before it wrote them. */
function readTimings(path: string): Record<string, number> {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { files: Record<string, number> }).files
  } catch {
    return {}
  }
}
