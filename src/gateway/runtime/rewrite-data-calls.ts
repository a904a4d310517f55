/**
 * Runs in pages, not here: the text of this function is `/__space/v0/runtime.js`, so it uses nothing outside itself.
 *
 * SDKs have addresses compiled in that this server does not have: `https` for the page's own host, and the data hosts of Deta
 * Space, which belong to others now. `fetch`, `Request` and `XMLHttpRequest` request the page's own origin instead.
 */
export function rewriteDataCalls(page: Window & typeof globalThis): void {
  const { host, origin, href } = page.location
  const services = new Map([
    ['database.deta.sh', 'base'],
    ['database.deta.space', 'base'],
    ['drive.deta.sh', 'drive'],
    ['drive.deta.space', 'drive'],
  ])

  function ownAddress(input: unknown): unknown {
    const isAddress = typeof input === 'string' || input instanceof page.URL
    if (!isAddress || !/^\s*(?:https?:)?\/\//i.test(String(input))) return input
    const url = read(String(input))
    if (url === null) return input
    const path = url.pathname + url.search
    if (url.host === host && path.startsWith('/__space/v0/')) return origin + path
    const service = services.get(url.host)
    if (service === undefined || !path.startsWith('/v1/')) return input
    return `${origin}/__space/v0/keyed/${service}${path}`
  }

  function read(text: string): URL | null {
    try {
      return new page.URL(text, href)
    } catch {
      return null
    }
  }

  /** A proxy, so that everything else about the function, such as `instanceof`, stays as it is. */
  function withOwnAddress<Wrapped extends object>(wrapped: Wrapped, position: number): Wrapped {
    const changed = (args: unknown[]) =>
      args.map((value, index) => (index === position ? ownAddress(value) : value))
    return new Proxy(wrapped, {
      apply: (target, self, args) => Reflect.apply(target as () => unknown, self, changed(args)),
      construct: (target, args, made) =>
        Reflect.construct(target as new () => object, changed(args), made) as object,
    })
  }

  page.fetch = withOwnAddress(page.fetch, 0)
  page.Request = withOwnAddress(page.Request, 0)
  const requests = page.XMLHttpRequest.prototype
  requests.open = withOwnAddress(requests.open, 1)
}

/** Runs in pages: `/__space/v0/runtime-no.js`, which removes the service worker of Deta Space (COMPAT 4.7). */
export async function removeDefaultWorker({ navigator }: Window): Promise<void> {
  for (const registration of (await navigator.serviceWorker?.getRegistrations()) ?? []) {
    const worker = registration.active ?? registration.waiting ?? registration.installing
    if (worker?.scriptURL.endsWith('/__space/v0/assets/service-worker.js')) await registration.unregister()
  }
}
