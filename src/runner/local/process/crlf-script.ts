import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { join, sep } from 'node:path'
import { APP_DIR } from '../sandbox/app-dir.ts'

const HEAD_BYTES = 4_096
const PACKAGE_JSON_MAX_BYTES = 1_000_000
const WORDS_MAX = 500

/**
 * Explains why a command of an app fails although its file exists: a script with Windows line ends names an interpreter
 * `sh\r`, or has a stray character at the end of each line. Null when the command names no such script. `dir` is the
 * working directory of the command. Only files below `dir` are read, and links out of it are not followed.
 */
export function explainCrlf(dir: string, command: string): string | null {
  const name = wordsOf(dir, command).find((word) => isCrlfScript(dir, word))
  if (name === undefined) return null
  return `${name} has Windows line ends (CRLF), so the system cannot run it. Convert it: sed -i 's/\\r$//' ${name}`
}

function wordsOf(dir: string, command: string): string[] {
  const isScriptRunner = /\b(npm|pnpm|yarn|bun)\b/.test(command)
  const text = isScriptRunner ? `${command} ${packageScripts(dir)}` : command
  const words = text
    .split(/[\s;&|()<>"'`=]+/)
    .map((word) => word.replace(APP_DIR_PREFIX, '').replace(/^\.\//, ''))
  return [...new Set(words)].filter(isRelativeName).slice(0, WORDS_MAX)
}

const isRelativeName = (word: string): boolean => word !== '' && !/^[-/]/.test(word)

const APP_DIR_PREFIX = new RegExp(`^${APP_DIR}/`)

function packageScripts(dir: string): string {
  const text = readHead(join(dir, 'package.json'), PACKAGE_JSON_MAX_BYTES) ?? '{}'
  try {
    const { scripts } = JSON.parse(text) as { scripts?: Record<string, unknown> }
    return Object.values(scripts ?? {}).join(' ')
  } catch {
    return ''
  }
}

/** A file whose interpreter line ends in CR, or a shell script (by its name) whose first line does. */
function isCrlfScript(dir: string, name: string): boolean {
  const path = insidePath(dir, name)
  const head = path === null ? null : readHead(path, HEAD_BYTES)
  if (head === null) return false
  return /^#![^\n]*\r\n/.test(head) || (/\.(ba)?sh$/.test(name) && /^[^\n]*\r\n/.test(head))
}

function insidePath(dir: string, name: string): string | null {
  try {
    const path = realpathSync(join(dir, name))
    return path.startsWith(realpathSync(dir) + sep) ? path : null
  } catch {
    return null
  }
}

/** Null unless the path is a readable regular file: a pipe would block. */
function readHead(path: string, maxBytes: number): string | null {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return null
  }
  try {
    if (!fstatSync(file).isFile()) return null
    const buffer = Buffer.alloc(maxBytes)
    return buffer.toString('latin1', 0, readSync(file, buffer, 0, maxBytes, 0))
  } finally {
    closeSync(file)
  }
}
