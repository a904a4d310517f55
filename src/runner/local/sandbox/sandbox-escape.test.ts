import { describe, expect, test } from 'bun:test'
import { chmodSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { inside, start } from '../../testing/inside.ts'
import { openSandboxHarness, sandboxOrSkip } from '../../testing/sandbox-harness.ts'
import { readAll } from '../process/read-all.ts'

const sandbox = (await sandboxOrSkip())!

describe.skipIf(!sandbox)('files', () => {
  test('an app reads its own files, from its working directory', async () => {
    using harness = openSandboxHarness()
    const dir = harness.folder('app', { 'own.txt': 'mine' })
    const { stdout } = await inside(sandbox, { dir, script: 'pwd; cat own.txt' })
    expect(stdout).toBe('/app\nmine')
  })

  test('the root shows only programs of the host and the files that they need', async () => {
    using harness = openSandboxHarness()
    const { stdout } = await inside(sandbox, { dir: harness.folder('app'), script: 'ls -A /' })
    const allowed = /^(app|bin|dev|etc|gnu|lib|lib32|lib64|libx32|nix|opt|proc|sbin|tmp|usr)$/
    expect(stdout.split('\n').filter((name) => !allowed.test(name))).toEqual([])
  })

  test("another app's files, the server's key and its database are not visible", async () => {
    using harness = openSandboxHarness()
    const dir = harness.folder('revisions/one')
    const secrets = [
      join(harness.folder('revisions/two', { 'secret.txt': 'TREASURE' }), 'secret.txt'),
      join(harness.folder('.', { 'server.key': 'TREASURE' }), 'server.key'),
      join(harness.folder('.', { 'ownspace.db': 'TREASURE' }), 'ownspace.db'),
    ]
    const { stdout, status } = await inside(sandbox, {
      dir,
      script: `for f in ${secrets.join(' ')}; do cat "$f" ../"\${f##*/}" ../two/secret.txt /proc/1/root"$f"; done; ls ..; true`,
    })
    expect(status.code).toBe(0)
    expect(stdout).not.toContain('TREASURE')
    expect(stdout).not.toContain('two')
  })

  test('an app below a folder that is closed to its host user reads its own files', async () => {
    using harness = openSandboxHarness()
    const dir = harness.folder('revisions/one', { 'own.txt': 'mine' })
    chmodSync(join(harness.dir, 'revisions'), 0o700)
    const { stdout } = await inside(sandbox, { dir, script: 'cat own.txt' })
    expect(stdout).toBe('mine')
  })

  test('a link in an app cannot reach a file outside', async () => {
    using harness = openSandboxHarness()
    const dir = harness.folder('app')
    const { stderr } = await inside(sandbox, {
      dir,
      script: 'ln -s /etc/shadow /tmp/a; cat /tmp/a; cat /etc/ssl/private/*; ls /root /home /var /run',
    })
    expect(stderr.match(/No such file/g)?.length).toBe(6)
  })

  test('only /tmp and /dev/shm can be written', async () => {
    using harness = openSandboxHarness()
    const places = '/ /app /etc /usr /usr/local /opt /opt/bun/bin /dev /proc /proc/sys/kernel /tmp /dev/shm'
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app'),
      script: `for d in ${places}; do (echo x > $d/attack) 2>/dev/null && echo $d; done; true`,
    })
    expect(stdout).toBe('/tmp\n/dev/shm')
    expect(readdirSync(join(harness.dir, 'app'))).toEqual([])
  })

  test('no kernel setting can be written, not even one of its own network', async () => {
    using harness = openSandboxHarness()
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app'),
      script: `find /proc/sys -type f | while read -r file; do (: >> "$file") 2>/dev/null && echo "$file"; done; true`,
    })
    expect(stdout).toBe('')
  })

  test('/dev has only harmless devices of the host', async () => {
    using harness = openSandboxHarness()
    const { stdout } = await inside(sandbox, { dir: harness.folder('app'), script: 'ls /dev' })
    expect(stdout.split('\n')).toEqual(
      ['fd', 'full', 'null', 'random', 'shm', 'stderr', 'stdin', 'stdout', 'urandom', 'zero'].toSorted(),
    )
  })

  test('/tmp cannot grow beyond its limit', async () => {
    using harness = openSandboxHarness()
    const { stdout, stderr } = await inside(sandbox, {
      dir: harness.folder('app'),
      script: 'head -c 20000000 /dev/zero > /tmp/fill; stat -c %s /tmp/fill',
      limits: { tmpBytes: 4 << 20 },
    })
    expect(stderr).toContain('No space left')
    expect(Number(stdout)).toBe(4 << 20)
  })
})

describe.skipIf(!sandbox)('secrets of the server', () => {
  test("nothing of the server's environment is inherited", async () => {
    using harness = openSandboxHarness()
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app'),
      env: { OWN: 'yes' },
      script: `tr '\\0' '\\n' < /proc/1/environ; env`,
    })
    const names = stdout.split('\n').map((line) => line.split('=')[0]!)
    expect(names.filter((name) => !/^(OWN|PATH|PWD|OLDPWD|SHLVL|_)$/.test(name))).toEqual([])
  })

  test("an app's variables do not reach the programs that set up its sandbox", async () => {
    using harness = openSandboxHarness()
    const traces = harness.folder('traces')
    mkdirSync(traces, { recursive: true, mode: 0o777 })
    // The dynamic linker of every program with these variables writes a file.
    const env = { LD_DEBUG: 'files', LD_DEBUG_OUTPUT: join(traces, 'trace') }
    Bun.spawnSync({ cmd: ['true'], env: { ...env, PATH: '/usr/bin:/bin' } })
    expect(readdirSync(traces)).toHaveLength(1)
    await inside(sandbox, { dir: harness.folder('app'), script: 'true', env })
    expect(readdirSync(traces)).toHaveLength(1)
  })

  test('no value of the environment is on a command line, which every user can read', async () => {
    using harness = openSandboxHarness()
    await using app = await start(sandbox, {
      dir: harness.folder('app'),
      script: ': a-mark; echo up; exec sleep 600',
      env: { DETA_PROJECT_KEY: 'a-secret-of-the-app' },
    })
    await firstChunk(app.stdout)
    const lines = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => commandLine(pid))
    expect(lines.some((line) => line.includes('a-mark'))).toBe(true)
    expect(lines.some((line) => line.includes('a-secret-of-the-app'))).toBe(false)
  })

  test('no file descriptor is inherited besides the three streams', async () => {
    using harness = openSandboxHarness()
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app'),
      script: 'for p in self 1; do for f in /proc/$p/fd/*; do readlink $f; done; done; true',
    })
    expect(
      stdout.split('\n').filter((target) => !/^(socket|pipe|anon_inode):|^\/dev\/null$/.test(target)),
    ).toEqual([])
  })
})

describe.skipIf(!sandbox)('processes', () => {
  test('an app sees its own processes only', async () => {
    using harness = openSandboxHarness()
    await using other = await start(sandbox, {
      dir: harness.folder('other'),
      script: 'echo up; exec sleep 601',
    })
    await firstChunk(other.stdout)
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app'),
      script: `kill -0 ${process.pid} 2>/dev/null && echo CAN""SIGNAL; cat /proc/[0-9]*/cmdline | tr '\\0' ' '`,
    })
    expect(stdout).not.toContain('601')
    expect(stdout).not.toContain('bun test')
    expect(stdout).not.toContain('CANSIGNAL')
  })

  test('killing every process kills none outside', async () => {
    using harness = openSandboxHarness()
    // The same owner, so the same host user.
    await using _other = await start(sandbox, { dir: harness.folder('other'), script: 'exec sleep 603' })
    await inside(sandbox, { dir: harness.folder('app'), script: 'sleep 600 & kill -KILL -1' })
    expect(readdirSync('/proc').some((pid) => commandLine(pid).includes('603'))).toBe(true)
  })

  test('background processes of an app end with it', async () => {
    using harness = openSandboxHarness()
    await inside(sandbox, { dir: harness.folder('app'), script: 'setsid sleep 602 >/dev/null 2>&1 & true' })
    const left = readdirSync('/proc').filter((pid) => commandLine(pid).includes('sleep\x00602'))
    expect(left).toEqual([])
  })

  test('a fork bomb stops at its limit', async () => {
    using harness = openSandboxHarness()
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app'),
      script: `perl -e 'for (1..100) { my $p = fork; print("$_ $!"), exit unless defined $p; sleep 600 unless $p }'`,
      limits: { processes: 30 },
    })
    expect(stdout).toMatch(/^[12]\d Resource temporarily unavailable$/)
  })

  test('an app that takes all the memory ends without affecting others', async () => {
    using harness = openSandboxHarness()
    const { status } = await inside(sandbox, {
      dir: harness.folder('app'),
      script: `exec perl -e '$x = "a" x (3 << 30); print "GOT IT"'`,
      limits: { memoryBytes: 64 << 20, tmpBytes: 1 << 20 },
    })
    expect(status.code).not.toBe(0)
    expect(status.outOfMemory).toBe(sandbox.host.cgroups !== null)
  })
})

describe.skipIf(!sandbox)('privileges', () => {
  test('an app is not root, has no capability and cannot gain one', async () => {
    using harness = openSandboxHarness()
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app'),
      script: 'id -u; grep -E "^(Cap|NoNewPrivs|Seccomp:)" /proc/self/status',
    })
    const facts = stdout.split(/\s+/).join(' ')
    expect(facts).toStartWith(
      '1000 CapInh: 0000000000000000 CapPrm: 0000000000000000 CapEff: 0000000000000000',
    )
    expect(facts).toContain('CapBnd: 0000000000000000')
    expect(facts).toContain('NoNewPrivs: 1')
    if (sandbox.host.seccomp) expect(facts).toContain('Seccomp: 2')
  })

  test.skipIf(!sandbox?.host.isRoot)(
    'an app of a server that runs as root is not root on the host',
    async () => {
      using harness = openSandboxHarness()
      const { stdout } = await inside(sandbox, {
        dir: harness.folder('app'),
        script: 'cat /proc/self/uid_map',
      })
      expect(Number(stdout.split(/\s+/)[1])).toBeGreaterThanOrEqual(1_879_048_192)
    },
  )

  test('a setuid program gives no privileges', async () => {
    using harness = openSandboxHarness()
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app'),
      script: 'cp "$(command -v id)" /tmp/id && chmod u+s /tmp/id && /tmp/id -u; su -c id </dev/null; true',
    })
    expect(stdout).toBe('1000')
  })

  test('no namespace can be created and nothing can be mounted', async () => {
    using harness = openSandboxHarness()
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app'),
      script:
        'unshare --user --map-root-user true && echo USER; unshare --net true && echo NET; mount -t tmpfs x /tmp && echo MOUNT; true',
    })
    expect(stdout).toBe('')
  })

  // x86-64: keyctl, io_uring_setup, bpf, perf_event_open, userfaultfd, unshare, clone with CLONE_NEWUSER.
  const calls = [
    '250, 0, 0',
    '425, 1, 0',
    '321, 0, 0',
    '298, 0, 0',
    '323, 0',
    '272, 0x10000000',
    '56, 0x10000011, 0',
  ]
  test.skipIf(process.arch !== 'x64').each(calls)('the kernel refuses syscall(%s)', async (call) => {
    using harness = openSandboxHarness()
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app'),
      script: `perl -e 'syscall(${call}) == -1 and print $! + 0'`,
    })
    expect(stdout).toBe('1')
  })

  test('no socket reaches past the network namespace (vsock, packet)', async () => {
    using harness = openSandboxHarness()
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app'),
      script: `for f in 40 17 38; do perl -e 'socket(S, '$f', 1, 0) and print "OPEN"'; done`,
    })
    expect(stdout).toBe('')
  })
})

async function firstChunk(stream: ReadableStream<Uint8Array>): Promise<string> {
  for await (const chunk of stream) return new TextDecoder().decode(chunk)
  return readAll(stream)
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}
