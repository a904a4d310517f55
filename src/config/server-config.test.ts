import { describe, expect, test } from 'bun:test'
import { ConfigError } from './readers.ts'
import { readServerConfig } from './server-config.ts'

const ENV = { XDG_DATA_HOME: '/data' }

describe('without any setting', () => {
  const config = readServerConfig([], ENV)

  test('Home answers on localhost names, and listens on loopback alone', () => {
    expect(config).toMatchObject({
      domain: 'space.localhost',
      homeHosts: ['space.localhost', 'localhost', '127.0.0.1', '[::1]'],
      homeOrigin: 'http://space.localhost:7070',
      listen: ['127.0.0.1', '::1'],
      dataDir: '/data/ownspace',
    })
  })

  test('no field can be changed', () => {
    expect(Object.isFrozen(config)).toBe(true)
  })
})

describe('settings', () => {
  test('a flag wins over the environment', () => {
    expect(readServerConfig(['--port', '8080'], { ...ENV, OWNSPACE_PORT: '9090' }).port).toBe(8080)
    expect(readServerConfig([], { ...ENV, OWNSPACE_PORT: '9090' }).port).toBe(9090)
  })

  test('a real domain listens everywhere and is Home under that name, and on the machine itself', () => {
    expect(readServerConfig(['--domain', 'Cloud.Example.org.', '--port', '80'], ENV)).toMatchObject({
      domain: 'cloud.example.org',
      homeHosts: ['cloud.example.org', 'localhost', '127.0.0.1', '[::1]'],
      homeOrigin: 'http://cloud.example.org',
      listen: ['0.0.0.0', '::'],
    })
  })

  test('an address to listen on may stand in brackets', () => {
    const { listen } = readServerConfig(['--listen', '[::1], 127.0.0.1,::'], ENV)
    expect(listen).toEqual(['::1', '127.0.0.1', '::'])
  })

  const TLS = ['--domain', 'cloud.example.org', '--tls-cert', '/etc/a.crt', '--tls-key', '/etc/a.key']

  test('a certificate makes the port speak https, and another one lead there', () => {
    expect(readServerConfig(TLS, ENV)).toMatchObject({
      homeOrigin: 'https://cloud.example.org',
      port: 443,
      tls: { files: [{ certFile: '/etc/a.crt', keyFile: '/etc/a.key' }], httpPort: 80 },
    })
  })

  test.each([
    [['--port', '8443'], 'https://cloud.example.org:8443', null],
    [['--port', '8443', '--http-port', '8080'], 'https://cloud.example.org:8443', 8080],
    [['--http-port', 'off'], 'https://cloud.example.org', null],
    [['--port', '8443', '--public-url', 'https://cloud.example.org'], 'https://cloud.example.org', null],
  ])('with %j Home is %s, and plain http on %p', (args, homeOrigin, httpPort) => {
    const config = readServerConfig([...TLS, ...args], ENV)
    expect([config.homeOrigin, config.tls!.httpPort]).toEqual([homeOrigin, httpPort])
  })

  test('several certificates belong to their keys by order', () => {
    const args = ['--tls-cert', '/a.crt, /b.crt', '--tls-key', '/a.key,/b.key']
    expect(readServerConfig(args, ENV).tls!.files).toEqual([
      { certFile: '/a.crt', keyFile: '/a.key' },
      { certFile: '/b.crt', keyFile: '/b.key' },
    ])
  })

  test('a public address gives scheme, port and domain', () => {
    expect(readServerConfig(['--public-url', 'https://cloud.example.org'], ENV)).toMatchObject({
      domain: 'cloud.example.org',
      homeOrigin: 'https://cloud.example.org',
      port: 7070,
    })
  })

  test.each([
    [[], 900_000],
    [['--idle-after', '90s'], 90_000],
    [['--idle-after', '2h'], 7_200_000],
    [['--idle-after', '0'], null],
    [['--idle-after', '0m'], null],
  ])('%p is the time after which apps sleep', (args, idleAfterMs) => {
    expect(readServerConfig(args, ENV).idleAfterMs).toBe(idleAfterMs)
  })

  test.each([
    [[], 15_000],
    [['--hang-after', '1m'], 60_000],
    [['--hang-after', '0'], Number.POSITIVE_INFINITY],
  ])('%p is the time after which a process hangs', (args, hangAfterMs) => {
    expect(readServerConfig(args, ENV).hangAfterMs).toBe(hangAfterMs)
  })

  test.each<[string[], number | null]>([
    [[], 30 * 86_400_000],
    [['--cli-token-life', '7d'], 7 * 86_400_000],
    [['--cli-token-life', '0'], null],
  ])('%p is the time after which unused log-ins of the command line end', (args, cliTokenIdleMs) => {
    expect(readServerConfig(args, ENV).cliTokenIdleMs).toBe(cliTokenIdleMs)
  })

  test('a sandbox has half a minute to be set up, unless a flag says otherwise', () => {
    expect(readServerConfig([], ENV).sandboxWithinMs).toBe(30_000)
    expect(readServerConfig(['--sandbox-within', '2m'], ENV).sandboxWithinMs).toBe(120_000)
  })

  test('the gateway has generous limits by default', () => {
    expect(readServerConfig([], ENV).limits.gateway).toEqual({
      requestBodyBytes: Number.POSITIVE_INFINITY,
      firstByteMs: 300_000,
      connections: 10_000,
      connectionsPerClient: 1_000,
    })
    const args = ['--max-body', '100MB', '--answer-within', '20s', '--max-connections', '500']
    expect(readServerConfig(args, ENV).limits.gateway).toEqual({
      requestBodyBytes: 100_000_000,
      firstByteMs: 20_000,
      connections: 500,
      connectionsPerClient: 500,
    })
    expect(readServerConfig(['--answer-within', '0'], ENV).limits.gateway.firstByteMs).toBe(
      Number.POSITIVE_INFINITY,
    )
  })

  test('the disk is shared out, unless a setting says otherwise', () => {
    expect(readServerConfig([], ENV).disk).toEqual({
      buildBytes: 4e9,
      appCacheBytes: 2e9,
      cachesBytes: 10e9,
      toolsBytes: 2e9,
      minFreeBytes: 256e6,
      reserveBytes: 64e6,
      keptRevisions: 10,
    })
    const caches = ['--app-cache', '500mb', '--build-caches', '1gb', '--tools-cache', '500mb']
    const args = ['--build-disk', '0', ...caches, '--min-free', '0']
    expect(readServerConfig([...args, '--disk-reserve', '0', '--keep-revisions', '3'], ENV).disk).toEqual({
      buildBytes: Number.POSITIVE_INFINITY,
      appCacheBytes: 500e6,
      cachesBytes: 1e9,
      toolsBytes: 5e8,
      minFreeBytes: 0,
      reserveBytes: 0,
      keptRevisions: 3,
    })
  })

  test('a deep data folder has its sockets elsewhere, the same ones each time', () => {
    const deep = `/data/${'x'.repeat(100)}`
    const { runDir } = readServerConfig(['--data', deep], ENV)
    expect(runDir.length).toBeLessThan(80)
    expect(readServerConfig(['--data', deep], ENV).runDir).toBe(runDir)
  })
})

test.each([
  [['--port', 'abc'], 'abc'],
  [['--port', '70000'], '70000'],
  [['--inside-port', 'abc'], '--inside-port'],
  [['--port', '7000', '--inside-port', '7000'], '--inside-port'],
  [['--tls-cert', 'a', '--tls-key', 'b', '--inside-port', '80'], '--inside-port'],
  [['--domain', 'bad domain'], 'bad domain'],
  [['--domain', 'a..b'], 'a..b'],
  [['--workers', '0'], '--workers'],
  [['--idle-after', '15'], '15m'],
  [['--hang-after', '1999ms'], '--hang-after must be at least 2s'],
  [['--micro-network', 'all'], 'all'],
  [['--idle-after=-1m'], '15m'],
  [['--sandbox', 'maybe'], 'maybe'],
  [['--without-sandbox', 'everyone'], 'one-person'],
  [['--sandbox-within', '0'], 'above 0'],
  [['--max-body', '100'], '100mb'],
  [['--max-body=-1mb'], '100mb'],
  [['--answer-within', '20'], '--answer-within'],
  [['--build-disk', '4'], '--build-disk'],
  [['--min-free', 'some'], '--min-free'],
  [['--keep-revisions', '0'], '--keep-revisions'],
  [['--max-connections', '0'], '--max-connections'],
  [['--max-connections-per-client', 'all'], '--max-connections-per-client'],
  [['--public-url', 'cloud.example.org'], '--public-url'],
  [['--public-url', 'https://u:p@cloud.example.org'], '--public-url'],
  [['--public-url', 'https://cloud.example.org/sub'], '--public-url'],
  [['--public-url', 'https://a.example.org', '--domain', 'b.example.org'], 'b.example.org'],
  [['--trust-proxy', 'proxy.example.org'], 'proxy.example.org'],
  [['--trust-proxy', '10.0.0.0/99'], '10.0.0.0/99'],
  [['--trust-proxy', '0.0.0.0/0'], '0.0.0.0/0'],
  [['--tls-cert', 'a.crt'], '--tls-key 0 files'],
  [['--tls-key', 'a.key'], '--tls-cert names 0 files'],
  [['--tls-cert', 'a.crt,b.crt', '--tls-key', 'a.key'], 'in the same order'],
  [['--tls-cert=', '--tls-key='], '--tls-cert'],
  [['--http-port', '80'], '--tls-cert'],
  [['--tls-cert', 'a', '--tls-key', 'b', '--http-port', 'no'], '--http-port'],
  [['--tls-cert', 'a', '--tls-key', 'b', '--http-port', '443'], '--http-port'],
  [['--tls-cert', 'a', '--tls-key', 'b', '--public-url', 'http://a.test'], '--public-url'],
  [['--nonsense'], '--nonsense'],
  [['word'], 'word'],
])('%j is refused, and the message names it', (args, name) => {
  expect(() => readServerConfig(args, ENV)).toThrow(ConfigError)
  expect(() => readServerConfig(args, ENV)).toThrow(name)
})

describe('name servers', () => {
  const nameServersOf = (text: string) => readServerConfig(['--name-servers', text], ENV).nameServers

  test('are those of the system when none are named', () => {
    expect(readServerConfig([], ENV).nameServers).toEqual([])
  })

  test('are addresses, with a port or without', () => {
    const text = '192.0.2.53, 127.0.0.1:5353,2001:db8::53,[2001:db8::53]:5353'
    expect(nameServersOf(text)).toEqual([
      '192.0.2.53',
      '127.0.0.1:5353',
      '2001:db8::53',
      '[2001:db8::53]:5353',
    ])
  })

  test.each(['dns.example.org', '192.0.2.53:dns', '192.0.2', '[::1', '192.0.2.53,,'])(
    'are not %j',
    (text) => {
      expect(() => nameServersOf(text)).toThrow(ConfigError)
    },
  )
})

describe('bounds', () => {
  const limitsOf = (...args: string[]) => readServerConfig(args, ENV).limits

  test('that were not set are left to the modules that own them', () => {
    const { pushes, micros, builds, buildRuns, api } = limitsOf()
    expect([pushes, micros, builds, buildRuns, api]).toEqual([{}, {}, {}, {}, {}])
  })

  test.each([
    ['time', ['--drain-for', '2m'], { pushes: { drainMs: 120_000 } }],
    ['no time at all', ['--drain-for', '0'], { pushes: { drainMs: 0 } }],
    ['size', ['--max-upload', '1gb'], { builds: { archiveBytes: 1_000_000_000 } }],
    ['memory', ['--micro-memory', '1gb'], { micros: { memoryBytes: 1_000 * 1024 * 1024 } }],
    ['count', ['--max-upload-files', '50000'], { builds: { archiveEntries: 50_000 } }],
    ['rate', ['--min-upload-rate', '0'], { gateway: { bodyMinBytesPerSecond: 0 } }],
  ])('take a %s', (_, args, limits) => {
    expect(limitsOf(...args)).toMatchObject(limits)
  })

  test.each([
    ['--drain-for', '30'],
    ['--drain-for', '25d'],
    ['--max-upload', '0'],
    ['--max-head', '1mb'],
    ['--micro-memory', '512'],
    ['--micro-processes', '0'],
    ['--min-upload-rate', '-1'],
  ])('%s does not take %s', (flag, value) => {
    expect(() => limitsOf(`${flag}=${value}`)).toThrow(flag)
  })

  test('may come from the environment', () => {
    const { limits } = readServerConfig([], { ...ENV, OWNSPACE_START_WITHIN: '2m' })
    expect(limits.micros.startTimeoutMs).toBe(120_000)
  })
})
