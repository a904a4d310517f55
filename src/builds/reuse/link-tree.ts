import { cp, link, lstat, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Makes `to` a copy of `from` whose files share their content on the disk (hard links). Only for trees that no one
 * writes to: revisions, which are mounted read-only. Where a file cannot be linked, it is copied. `to` must not exist.
 */
export async function linkTree(from: string, to: string): Promise<void> {
  if (await runCp(['-al', '--', from, to])) return
  await linkEach(from, to)
}

/** Makes `to` a copy of `from` that may be changed; links stay links. `to` must not exist. */
export async function copyTree(from: string, to: string): Promise<void> {
  if (await runCp(['-a', '--reflink=auto', '--', from, to])) return
  await cp(from, to, { recursive: true, verbatimSymlinks: true })
}

/** One process copies thousands of files in the time that hundreds take here, and does not occupy this thread. */
async function runCp(args: readonly string[]): Promise<boolean> {
  const program = process.platform === 'linux' ? Bun.which('cp', { PATH: '/usr/bin:/bin' }) : null
  if (program === null) return false
  const child = Bun.spawn({
    cmd: [program, ...args],
    env: {},
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  return (await child.exited) === 0
}

/** The slow method, which works everywhere and completes what the program has begun. */
export async function linkEach(from: string, to: string): Promise<void> {
  const stat = await lstat(from)
  if (stat.isDirectory()) {
    await mkdir(to, { recursive: true, mode: stat.mode })
    for (const name of await readdir(from)) await linkEach(join(from, name), join(to, name))
  } else if (!(await isThere(to))) {
    await link(from, to).catch(() => cp(from, to, { verbatimSymlinks: true, preserveTimestamps: true }))
  }
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )
