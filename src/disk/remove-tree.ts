import { rm } from 'node:fs/promises'

/**
 * Removes a tree that a build wrote; nothing there is no error. A server that is not root cannot empty folders that
 * forbid it to their owner, as Go's module cache does: their modes are changed first. No build may run in the tree:
 * `chmod` follows no link that it finds there, but one that is put in the place of a folder meanwhile.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true })
  } catch (error) {
    if (!['EACCES', 'EPERM', 'ENOTEMPTY'].includes(String((error as NodeJS.ErrnoException).code))) throw error
    await openUp(path)
    await rm(path, { recursive: true, force: true })
  }
}

async function openUp(path: string): Promise<void> {
  const cmd = ['chmod', '-R', 'u+rwX', '--', path]
  await Bun.spawn({ cmd, env: { PATH: '/usr/bin:/bin' }, stdio: ['ignore', 'ignore', 'ignore'] }).exited
}
