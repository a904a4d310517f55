import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalRunner, detectSandbox, pickBuildEnvironment } from '../../runner/index.ts'
import { silentLogger } from '../../kernel/log.ts'
import { packageUrl } from '../sbom/package-url.ts'
import { REGISTRY_MS } from '../testing/test-tools.ts'
import { fixesOf, isAffected } from './affected.ts'
import { auditPackages, createPackageAudit } from './audit-packages.ts'
import { readRegistries } from './configured-registries.ts'
import type { AuditLimits } from './limits.ts'

// npm says its address from inside a real sandbox, on machines that also do other work.
setDefaultTimeout(REGISTRY_MS)

interface Asked {
  readonly method: string
  readonly path: string
  readonly authorization: string | null
  readonly body: string
}

/** A registry on loopback. */
class FakeRegistry {
  readonly asked: Asked[] = []
  answer: (asked: Asked) => Response | Promise<Response> = () => Response.json({})
  readonly #server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 0,
    fetch: async (request) => {
      const asked = {
        method: request.method,
        path: new URL(request.url).pathname,
        authorization: request.headers.get('authorization'),
        body: await request.text(),
      }
      this.asked.push(asked)
      return await this.answer(asked)
    },
  })
  readonly url = new URL(this.#server.url)
  stop = () => this.#server.stop(true)
}

let registry: FakeRegistry
beforeEach(() => void (registry = new FakeRegistry()))
afterEach(() => registry.stop())

const LODASH = packageUrl('npm', 'lodash', '4.17.20')
const REQUESTS = packageUrl('pypi', 'requests', '2.19.0')
const ADVISORY = {
  id: 1106913,
  url: 'https://github.com/advisories/GHSA-35jh-r3h4-6jhm',
  title: 'Command Injection in lodash',
  severity: 'high',
  vulnerable_versions: '<4.17.21',
}
const NOTICE = {
  id: 'PYSEC-2018-28',
  summary: null,
  details: 'Sends credentials\nto other hosts',
  link: 'https://osv.dev/vulnerability/PYSEC-2018-28',
  fixed_in: ['2.20.0'],
}

const audit = (urls: readonly string[], limits: Partial<AuditLimits> = {}) =>
  auditPackages(
    urls,
    { npm: registry.url, pypi: registry.url },
    { ...limits, signal: AbortSignal.timeout(REGISTRY_MS) },
  )
const reasons = async (urls: readonly string[], limits?: Partial<AuditLimits>) =>
  (await audit(urls, limits)).unasked

describe('npm', () => {
  test('all versions are asked about at once, and only affected ones are listed', async () => {
    registry.answer = () => Response.json({ lodash: [ADVISORY] })
    const found = await audit([
      LODASH,
      packageUrl('npm', 'lodash', '4.17.21'),
      packageUrl('npm', '@s/a', '1.0.0'),
    ])
    expect(registry.asked).toMatchObject([{ method: 'POST', path: '/-/npm/v1/security/advisories/bulk' }])
    expect(JSON.parse(registry.asked[0]!.body)).toEqual({ lodash: ['4.17.20', '4.17.21'], '@s/a': ['1.0.0'] })
    expect(found).toEqual({
      packages: [
        {
          registry: 'npm',
          name: 'lodash',
          version: '4.17.20',
          vulnerabilities: [
            {
              id: 'GHSA-35jh-r3h4-6jhm',
              severity: 'high',
              title: 'Command Injection in lodash',
              url: 'https://github.com/advisories/GHSA-35jh-r3h4-6jhm',
              fixedIn: ['4.17.21'],
            },
          ],
        },
      ],
      unasked: [],
    })
  })

  test('a registry below a path, with credentials, is asked there, and its address is not shown', async () => {
    registry.answer = () => new Response(null, { status: 401 })
    const url = new URL('/npm/', registry.url)
    url.username = 'ada'
    url.password = 's%20t'
    const { unasked } = await auditPackages(
      [LODASH],
      { npm: url, pypi: null },
      { signal: AbortSignal.timeout(REGISTRY_MS) },
    )
    expect(registry.asked).toMatchObject([
      { path: '/npm/-/npm/v1/security/advisories/bulk', authorization: `Basic ${btoa('ada:s t')}` },
    ])
    expect(unasked).toEqual([{ registry: 'npm', reason: 'it answered 401' }])
  })

  test('a name of a package that is a property of every object is no advisory', async () => {
    const urls = ['constructor', '__proto__', 'toString'].map((name) => packageUrl('npm', name, '1.0.0'))
    expect(await audit(urls)).toEqual({ packages: [], unasked: [] })
  })

  test('an address that is not of a web page is left out', async () => {
    registry.answer = () => Response.json({ lodash: [{ ...ADVISORY, url: 'javascript:alert(1)' }] })
    expect((await audit([LODASH])).packages[0]!.vulnerabilities).toMatchObject([{ id: '1106913', url: null }])
  })

  test('batches before a failure count', async () => {
    registry.answer = ({ body }) =>
      body.includes('lodash') ? Response.json({ lodash: [ADVISORY] }) : new Response(null, { status: 500 })
    const found = await audit([LODASH, packageUrl('npm', 'b', '1.0.0')], { npmBatch: 1 })
    expect(found.packages).toHaveLength(1)
    expect(found.unasked).toEqual([{ registry: 'npm', reason: 'it answered 500' }])
  })

  test('packages beyond the limit are not passed over in silence', async () => {
    expect(await reasons([LODASH, packageUrl('npm', 'b', '1.0.0')], { npmPackages: 1 })).toEqual([
      { registry: 'npm', reason: 'an audit asks about 1 packages at most' },
    ])
    expect(registry.asked).toHaveLength(1)
  })
})

describe('a registry that does not answer', () => {
  test.each([
    ['no such end', () => new Response(null, { status: 405 }), 'it does not offer audits (405)'],
    ['garbage', () => new Response('<html>'), 'its answer cannot be read'],
    ['a list', () => Response.json([1]), 'its answer cannot be read'],
    ['null', () => Response.json(null), 'its answer cannot be read'],
    ['advisories that are none', () => Response.json({ lodash: 'x' }), 'its answer cannot be read'],
    ['an advisory that is none', () => Response.json({ lodash: [7] }), 'its answer cannot be read'],
    ['too much', () => new Response('x'.repeat(2_000)), 'its answer has more than 1000 bytes'],
  ])('npm with %s', async (_, answer, reason) => {
    registry.answer = answer
    expect(await audit([LODASH], { answerBytes: 1_000 })).toEqual({
      packages: [],
      unasked: [{ registry: 'npm', reason }],
    })
  })

  test('a redirect is not followed: the server asks from inside its own network', async () => {
    const inside = new FakeRegistry()
    registry.answer = () => new Response(null, { status: 307, headers: { Location: inside.url.href } })
    expect(await reasons([LODASH, REQUESTS])).toEqual([
      { registry: 'npm', reason: 'it redirects (307) to an address that is not asked' },
      { registry: 'pypi', reason: 'it redirects (307) to an address that is not asked' },
    ])
    expect(inside.asked).toEqual([])
    await inside.stop()
  })

  test.each([
    ['before its head', () => new Promise<Response>(() => {})],
    [
      'in its body',
      () => new Response(new ReadableStream({ start: (body) => body.enqueue(Buffer.from('{')) })),
    ],
  ])('one that stops %s costs the limit of a request', async (_, answer) => {
    registry.answer = answer
    expect(await reasons([LODASH, REQUESTS], { requestMs: 200 })).toEqual([
      { registry: 'npm', reason: 'it did not answer in time' },
      { registry: 'pypi', reason: 'it did not answer in time' },
    ])
  })

  test('one that is not there', async () => {
    await registry.stop()
    expect(await reasons([LODASH])).toEqual([
      { registry: 'npm', reason: 'it cannot be reached (ECONNREFUSED)' },
    ])
  })

  test('the limit of the whole audit ends it', async () => {
    registry.answer = () => new Promise<Response>(() => {})
    const registries = { npm: registry.url, pypi: null }
    expect(await auditPackages([LODASH], registries, { signal: AbortSignal.timeout(200) })).toMatchObject({
      unasked: [{ reason: 'it did not answer in time' }],
    })
  })

  test('one without an address, and one without audits', async () => {
    const urls = [LODASH, packageUrl('cargo', 'serde', '1.0.0')]
    const none = { npm: null, pypi: null }
    expect((await auditPackages(urls, none, { signal: AbortSignal.timeout(REGISTRY_MS) })).unasked).toEqual([
      { registry: 'npm', reason: 'the server could not find out its address' },
      { registry: 'cargo', reason: 'it does not offer audits' },
    ])
    expect(registry.asked).toEqual([])
  })
})

describe('Python', () => {
  test('each package is asked about, and withdrawn entries are left out', async () => {
    registry.answer = ({ path }) =>
      path === '/pypi/requests/2.19.0/json'
        ? Response.json({ vulnerabilities: [NOTICE, { ...NOTICE, withdrawn: '2020-01-01T00:00:00Z' }] })
        : new Response(null, { status: 404 })
    const found = await audit([REQUESTS, packageUrl('pypi', 'zope.Interface', '5.0+x')])
    expect(registry.asked.map(({ path }) => path).sort()).toEqual([
      '/pypi/requests/2.19.0/json',
      '/pypi/zope-interface/5.0%2Bx/json',
    ])
    expect(found).toEqual({
      packages: [
        {
          registry: 'pypi',
          name: 'requests',
          version: '2.19.0',
          vulnerabilities: [
            {
              id: 'PYSEC-2018-28',
              severity: null,
              title: 'Sends credentials',
              url: 'https://osv.dev/vulnerability/PYSEC-2018-28',
              fixedIn: ['2.20.0'],
            },
          ],
        },
      ],
      unasked: [],
    })
  })

  const redirect = (location: string) => new Response(null, { status: 301, headers: { Location: location } })

  test('a redirect to another spelling of the project is followed', async () => {
    registry.answer = ({ path }) =>
      path === '/pypi/Requests/2.19.0/json'
        ? Response.json({ vulnerabilities: [NOTICE] })
        : redirect('/pypi/Requests/2.19.0/json')
    expect(await audit([REQUESTS])).toMatchObject({ packages: [{ name: 'requests' }], unasked: [] })
  })

  test.each([
    '/admin',
    '/pypi/../admin',
    '/pypi/%2e%2e/admin',
    '//ada@127.0.0.1:1/pypi/x',
    'file:///pypi/x',
    '',
  ])('a redirect to "%s" is not', async (location) => {
    registry.answer = () => redirect(location)
    expect(await reasons([REQUESTS])).toMatchObject([
      { reason: expect.stringContaining('it redirects (301)') },
    ])
    expect(new Set(registry.asked.map(({ path }) => path))).toEqual(new Set(['/pypi/requests/2.19.0/json']))
  })

  test('a circle of redirects ends', async () => {
    registry.answer = () => redirect('/pypi/Requests/2.19.0/json')
    expect(await reasons([REQUESTS])).toMatchObject([{ registry: 'pypi' }])
    expect(registry.asked).toHaveLength(2)
  })

  test('an index that knows none of the packages has no audits', async () => {
    registry.answer = () => new Response(null, { status: 404 })
    expect(await reasons([REQUESTS])).toEqual([
      { registry: 'pypi', reason: 'it does not offer audits (404)' },
    ])
  })

  test.each([
    ['garbage', () => new Response('<html>')],
    ['no list', () => Response.json({ info: {} })],
    ['an entry that is none', () => Response.json({ vulnerabilities: ['x'] })],
  ])('%s is no answer', async (_, answer) => {
    registry.answer = answer
    expect(await reasons([REQUESTS])).toEqual([{ registry: 'pypi', reason: 'its answer cannot be read' }])
  })

  test.each([
    ['..', '1.0'],
    ['a', '..'],
    ['a/../../admin', '1.0'],
    ['a?x=', '1.0'],
    ['a', '1/../../../admin'],
  ])('the name %s at %s cannot lead to another path of the host', async (name, version) => {
    await audit([packageUrl('pypi', name, version)])
    expect(registry.asked).toEqual([])
  })
})

test.each([
  ['1.2.2', '>=1.0.0 <1.2.3', ['1.2.3']],
  ['2.0.5', '<1.2.3 || >= 2.0.0, < 2.1.0', ['2.1.0']],
  ['1.2.3-rc.1', '<1.2.3', ['1.2.3']],
  ['2.0.0', '=2.0.0', []],
  ['2.0.0', '<=2.0.0', []],
  ['9.9.9', '*', []],
  ['1.0.0', 'a range that cannot be read', []],
  ['not a version', '<1.0.0', ['1.0.0']],
])('%s is in %s', (version, range, fixes) => {
  expect(isAffected(version, range)).toBe(true)
  expect(fixesOf(version, range)).toEqual(fixes)
})

test.each([
  ['1.2.3', '<1.2.3'],
  ['0.9.0', '>=1.0.0 <1.2.3'],
  ['2.0.1', '2.0.0'],
  ['1.5.0', '<1.2.3 || >=2.0.0'],
])('%s is not in %s', (version, range) => expect(isAffected(version, range)).toBe(false))

describe('addresses', () => {
  test.each([
    ['https://r.example/npm', 'https://i.example/simple/', 'https://r.example/npm/', 'https://i.example/'],
    ['https://r.example/', 'https://i.example/a/simple', 'https://r.example/', 'https://i.example/a/'],
    ['undefined', 'file:///srv/index', undefined, undefined],
  ])('%s and %s', (npm, pypi, npmBase, pypiBase) => {
    const found = readRegistries([`npm ${npm}`, `pypi ${pypi}`])
    expect([found.npm?.href, found.pypi?.href]).toEqual([npmBase, pypiBase])
  })

  test('are those that npm and pip are configured with', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'audit-test-'))
    const { npm_config_registry: _, ...env } = Bun.env
    const runner = createLocalRunner({
      sandbox: await detectSandbox('auto'),
      buildEnvironment: pickBuildEnvironment({
        ...env,
        npm_config_registry: `${registry.url}npm`,
        PIP_INDEX_URL: `${registry.url}python/simple`,
      }),
      logsDir: join(dir, 'logs'),
      log: silentLogger,
    })
    try {
      registry.answer = ({ method }) =>
        Response.json(method === 'POST' ? { lodash: [ADVISORY] } : { vulnerabilities: [NOTICE] })
      const { packages } = await createPackageAudit({ dir, runner })([LODASH, REQUESTS])
      expect(packages.map(({ name }) => name)).toEqual(['lodash', 'requests'])
      expect(registry.asked.map(({ path }) => path).sort()).toEqual([
        '/npm/-/npm/v1/security/advisories/bulk',
        '/python/pypi/requests/2.19.0/json',
      ])
    } finally {
      await runner[Symbol.asyncDispose]()
      rmSync(dir, { recursive: true, force: true })
    }
  })
})
