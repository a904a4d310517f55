import { rm } from 'node:fs/promises'

/**
 * Removes a tree that a build wrote; a missing tree is no error. A server that is not root cannot empty folders without
 * write permission, such as Go's module cache: their modes are changed first. No build may run in the tree: `chmod -R`
 * follows no link, but a running build could replace a folder with a link between two steps.
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
