import { chmod, lstat, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { kindBelow } from './kind-below.ts'

/**
 * Makes files executable that a command names as programs, such as `./start.sh`: uploads carry no mode bits, and a
 * script without an interpreter line cannot be recognised by its content. No process of the app may run at the same time.
 */
export async function makeRunnable(dir: string, command: string): Promise<void> {
  for (const path of programsIn(command))
    if ((await kindBelow(dir, path)) === 'file') {
      const { mode } = await lstat(join(dir, path))
      if ((mode & 0o111) === 0) await chmod(join(dir, path), mode | 0o755)
    }
}

/** Relative paths where a shell expects a program: at the start, and after `;`, `&`, `|`, `(` or `exec`. */
export function programsIn(command: string): string[] {
  const starts = command.split(/[;&|()\n]|\bexec\b/).map((part) => part.trim().replace(/^(\w+=\S*\s+)+/, ''))
  const words = starts.map((part) => part.split(/\s/, 1)[0]!.replace(/^\.\//, ''))
  return words.filter((word, index) => word !== '' && isPath(starts[index]!) && isBelow(word))
}

/** A program without a slash is looked up in PATH. */
const isPath = (start: string): boolean => /^[^\s]*\//.test(start)
const isBelow = (path: string): boolean =>
  /^[\w.@+/-]+$/.test(path) && !/(^|\/)(\.\.|node_modules)(\/|$)/.test(path) && !path.startsWith('/')

/**
 * Converts a script with Windows line ends, if its interpreter line and every other line have them: the system would look
 * for an interpreter named `sh\r`. Returns whether it did.
 */
export async function mendLineEnds(path: string): Promise<boolean> {
  const text = await readFile(path, 'latin1')
  const isMendable = /^#![^\n]*\r\n/.test(text) && !/[^\r]\n/.test(text) && !text.includes('\0')
  if (isMendable) await writeFile(path, text.replaceAll('\r\n', '\n'), 'latin1')
  return isMendable
}
