import type { Cli } from './context.ts'

/**
 * Opens a page in the user's browser. False when there is no browser, as over SSH: the caller then shows the
 * address. Anything but an http address is refused, because the address may come from a server.
 */
export function openInBrowser(cli: Cli, address: string): boolean {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol)) return false
  const command = browserCommand(cli, url.href)
  if (!command) return false
  try {
    const child = Bun.spawn(command, {
      stdio: ['ignore', 'ignore', 'ignore'],
      env: definedOnly(cli.env),
      detached: true,
    })
    child.unref()
    return true
  } catch {
    return false
  }
}

function browserCommand({ env }: Cli, href: string): string[] | null {
  if (env.BROWSER === '' || env.BROWSER === 'none') return null
  if (env.BROWSER) return [env.BROWSER, href]
  if (process.platform === 'darwin') return ['open', href]
  // Not `cmd /c start`: it would read `&` in the address as a second command.
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', href]
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open', href] : null
}

const definedOnly = (env: Cli['env']) =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined))
