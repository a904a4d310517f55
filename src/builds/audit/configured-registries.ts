import { askRegistry, type RegistryOptions } from '../tools/registry.ts'
import type { Registries } from './types.ts'

/** Asks the programs that also install packages, in the same sandbox and with the same settings. */
const SCRIPT = [
  'echo "npm $(npm config get registry)"',
  'python="${PIP_INDEX_URL:-${UV_INDEX_URL:-$(python3 -m pip config get global.index-url 2>/dev/null || true)}}"',
  'echo "pypi ${python:-https://pypi.org/simple}"',
].join('\n')

/** The registries that builds on this server install from. Throws ToolFailure. */
export const configuredRegistries = (options: RegistryOptions): Promise<Registries> =>
  askRegistry(SCRIPT, options, async (lines) => readRegistries(lines))

export function readRegistries(lines: readonly string[]): Registries {
  const find = (name: string) => lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1)
  return {
    npm: baseOf(find('npm')),
    pypi: baseOf(find('pypi')?.replace(/\/simple\/?$/, '')),
  }
}

/** Ends with a slash, so that paths are appended; null for anything but an address of the web. */
function baseOf(text: string | undefined): URL | null {
  const url = text === undefined ? null : URL.parse(text.trim())
  if (url === null || !/^https?:$/.test(url.protocol)) return null
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  url.search = ''
  url.hash = ''
  return url
}
