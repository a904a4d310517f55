import { existsSync } from 'node:fs'
import { join } from 'node:path'

const HERE = import.meta.dir

export interface Installed {
  /** Command line of a Node that can run the routers, or null. */
  readonly node: readonly string[] | null
  readonly python: readonly string[] | null
}

/** Installs the routers where they are not installed yet. What cannot be installed is left out of the comparison. */
export async function installRouters(): Promise<Installed> {
  const [node, python] = await Promise.all([installNode(), installPython()])
  return { node: node ? ['node'] : null, python: python ? [join(HERE, '.venv/bin/python')] : null }
}

async function installNode(): Promise<boolean> {
  if (!(await succeeds(['node', '--version']))) return false
  if (existsSync(join(HERE, 'node_modules/express'))) return true
  return succeeds(['npm', 'ci', '--no-audit', '--no-fund'])
}

async function installPython(): Promise<boolean> {
  const python = join(HERE, '.venv/bin/python')
  if (existsSync(python) && (await succeeds([python, '-c', 'import flask, starlette, uvicorn, waitress'])))
    return true
  const hasVenv = await succeeds(['python3', '-m', 'venv', '.venv'])
  return hasVenv && succeeds([python, '-m', 'pip', 'install', '--quiet', '--requirement', 'requirements.txt'])
}

async function succeeds(command: readonly string[]): Promise<boolean> {
  if (Bun.which(command[0]!) === null) return false
  const child = Bun.spawn([...command], { cwd: HERE, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' })
  return (await child.exited) === 0
}
