import { createHash } from 'node:crypto'
import { gzipSync } from 'bun'

export interface FakeRegistry extends AsyncDisposable {
  readonly url: string
  requests(): number
  downloads(): number
  tarball(name: string, version: string): Uint8Array<ArrayBuffer>
}

/** A registry of packages whose program prints its own name and version. `isTampered`: tarballs are not the described ones. */
export async function startFakeRegistry(
  packages: Readonly<Record<string, readonly string[]>>,
  { isTampered = false } = {},
): Promise<FakeRegistry> {
  const counts = { requests: 0, downloads: 0 }
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request): Response {
      counts.requests++
      const [name = '', , file = ''] = decodeURIComponent(new URL(request.url).pathname).slice(1).split('/')
      const versions = packages[name]
      if (!versions) return new Response('{}', { status: 404 })
      const version = file.slice(name.length + 1, -4)
      if (!file) return Response.json(describePackage(name, versions, new URL(request.url).origin))
      counts.downloads++
      return new Response(tarballOf(name, isTampered ? `${version}-tampered` : version))
    },
  })
  return {
    url: server.url.origin,
    requests: () => counts.requests,
    downloads: () => counts.downloads,
    tarball: tarballOf,
    [Symbol.asyncDispose]: () => server.stop(true),
  }
}

function describePackage(name: string, versions: readonly string[], origin: string) {
  const described = versions.map((version) => {
    const integrity = `sha512-${createHash('sha512').update(tarballOf(name, version)).digest('base64')}`
    const dist = { tarball: `${origin}/${name}/-/${name}-${version}.tgz`, integrity }
    return [version, { name, version, dist }] as const
  })
  return { name, 'dist-tags': { latest: versions.at(-1) }, versions: Object.fromEntries(described) }
}

function tarballOf(name: string, version: string): Uint8Array<ArrayBuffer> {
  const program = `#!/usr/bin/env node\nconsole.log('fake ${name} ${version}')\n`
  const files = {
    'package/package.json': JSON.stringify({ name, version }),
    [`package/bin/${name}.cjs`]: program,
  }
  const blocks = Object.entries(files).flatMap(([path, text]) =>
    tarEntry(path, new TextEncoder().encode(text)),
  )
  return gzipSync(Buffer.concat([...blocks, new Uint8Array(1024)]))
}

/** One file of a tar archive (POSIX ustar). */
function tarEntry(path: string, data: Uint8Array): Uint8Array[] {
  const header = Buffer.alloc(512)
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, '0')
  header.write(path, 0)
  header.write(octal(0o644, 8), 100)
  header.write(octal(data.length, 12), 124)
  header.write(octal(0, 12), 136)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  header.write(
    octal(
      header.reduce((sum, byte) => sum + byte, 0),
      7,
    ),
    148,
  )
  return [header, data, new Uint8Array((512 - (data.length % 512)) % 512)]
}
