import { CliError } from '../failure.ts'
import { formatBytes } from '../format.ts'
import type { ProjectFile } from './walk.ts'

/** Source and assets of an app (COMPAT 4.2), where the server has no other bound (`--max-upload`). */
export const MAX_PROJECT_BYTES = 250_000_000

export const projectBytes = (files: readonly ProjectFile[]) =>
  files.reduce((sum, file) => sum + file.sizeBytes, 0)

/** Throws `too_large`, naming the largest folders, before anything is read or sent. */
export function requireProjectFits(files: readonly ProjectFile[], maxBytes = MAX_PROJECT_BYTES): void {
  const total = projectBytes(files)
  if (total <= maxBytes) return
  throw new CliError(
    'too_large',
    `The app is ${formatBytes(total)}; at most ${formatBytes(maxBytes)} can be pushed.`,
    {
      details: ['Largest folders:', ...largestFolders(files, 5).map((row) => `  ${row}`)],
      hints: ['Exclude what the app does not need in .spaceignore'],
    },
  )
}

/** `120 MB  assets/video`, largest first. Files deeper than two folders count for their second folder. */
function largestFolders(files: readonly ProjectFile[], limit: number): string[] {
  const sizes = new Map<string, number>()
  for (const { path, sizeBytes } of files) {
    const folder = path.includes('/') ? `${path.split('/').slice(0, -1).slice(0, 2).join('/')}/` : path
    sizes.set(folder, (sizes.get(folder) ?? 0) + sizeBytes)
  }
  return [...sizes]
    .sort(([, a], [, b]) => b - a)
    .slice(0, limit)
    .map(([folder, bytes]) => `${formatBytes(bytes).padStart(8)}  ${folder}`)
}
