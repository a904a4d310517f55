import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuildContext } from '../build-context.ts'
import { PYTHON_PACKAGES, PYTHON_SERVER } from '../engines/python-packages.ts'
import type { Installed } from './install-packages.ts'
import { installScript } from './install-script.ts'

/** Frameworks whose apps need an ASGI server. Deta Space provided one, and many apps list only their framework. */
const ASGI_FRAMEWORKS = ['starlette', 'quart', 'litestar', 'blacksheep', 'falcon', 'django', 'connexion']
/** Servers that a `run` may name. */
const SERVERS = ['uvicorn', 'gunicorn', 'hypercorn', 'daphne', 'waitress']

/**
 * Installs the web servers that the app needs and does not list, in a step and a folder of their own: the app's file
 * stays exactly what is installed. A failure is reported when the app starts.
 */
export async function addServers(build: BuildContext, { uv }: Installed): Promise<void> {
  const names = await readdir(join(build.workDir, PYTHON_PACKAGES)).catch(() => [])
  const missing = neededServers(build.spec.run, new Set(names))
  if (missing.length === 0) return
  build.log(`Adding ${missing.join(', ')}, which the app uses and does not list`)
  const result = await build.run({
    script: installScript({
      engine: build.spec.engine.name,
      uv,
      target: PYTHON_SERVER,
      arguments: missing,
      buildConstraints: false,
    }),
    readOnly: uv === null ? [] : [uv],
    cacheDir: build.caches.own,
    timeoutMs: build.limits.installMs,
  })
  if (result.kind === 'failed') build.log(`${missing.join(', ')} could not be added: ${result.message}`)
}

export function neededServers(run: string | null, installed: ReadonlySet<string>): string[] {
  const needed =
    run === null
      ? ASGI_FRAMEWORKS.some((name) => installed.has(name))
        ? ['uvicorn']
        : []
      : SERVERS.filter((name) => new RegExp(`(^|[\\s=/;&|])${name}(-serve|\\s|\\.workers|$)`).test(run))
  return needed.filter((name) => !installed.has(name))
}
