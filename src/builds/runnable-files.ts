import { chmod, lstat } from 'node:fs/promises'
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
 * The script with Unix line ends, if its interpreter line and every other line have Windows line ends: the system would
 * look for an interpreter named `sh\r`. Otherwise null.
 */
export function mendLineEnds(script: Buffer): Buffer | null {
  const text = script.toString('latin1')
  const isMendable = /^#![^\n]*\r\n/.test(text) && !/[^\r]\n/.test(text) && !text.includes('\0')
  return isMendable ? Buffer.from(text.replaceAll('\r\n', '\n'), 'latin1') : null
}
