/** What a request of a load looks like. */
import { HOST, KEY, SESSION, type Proxy } from './proxies.ts'

/** What a browser sends with every request to an app. */
const BROWSER_HEADERS = [
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Accept: */*',
  'Accept-Language: en-US,en;q=0.9',
  'Accept-Encoding: gzip, deflate, br, zstd',
  'Sec-Fetch-Dest: empty',
  'Sec-Fetch-Mode: cors',
  'Sec-Fetch-Site: same-origin',
]

export function headersFor(proxy: Proxy): string[] {
  const credential = {
    cookie: [`Cookie: theme=dark; ${cookieName(proxy)}=${SESSION}`],
    key: [`X-Space-App-Key: ${KEY}`],
    public: [],
  }[proxy.access]
  return [`Host: ${HOST}`, ...BROWSER_HEADERS, ...credential]
}

export const pathFor = (proxy: Proxy, path: string): string =>
  proxy.access === 'public' ? `/public${path}` : path

/** By TLS our own has another name; the service that the others ask knows one alone. */
const cookieName = ({ scheme, name }: Proxy): string =>
  scheme === 'https' && name.startsWith('ours') ? '__Host-space_session' : 'space_session'
