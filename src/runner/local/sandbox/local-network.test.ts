import { describe, expect, test } from 'bun:test'
import { listenOnHost } from '../../testing/host-server.ts'
import { inside } from '../../testing/inside.ts'
import { openSandboxHarness, sandboxOrSkip } from '../../testing/sandbox-harness.ts'

const sandbox = (await sandboxOrSkip())!

/** `perl connect.pl <address> <port> [bound]` prints `REACHED` or the error. */
const CONNECT = `use Socket;
my ($host, $port, $bound) = @ARGV;
my $is6 = $host =~ /:/;
socket(S, $is6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0) or die $!;
if ($bound) {
  open(R, "/proc/net/route");
  my ($interface) = (<R>)[1] =~ /^(\\S+)/;
  # SO_BINDTODEVICE: the kernel takes every address for a neighbour then, and asks no route.
  setsockopt(S, SOL_SOCKET, 25, "$interface\\0") or die "bind $!";
}
my $to = Socket::inet_pton($is6 ? AF_INET6 : AF_INET, $host);
$SIG{ALRM} = sub { print "silence\\n"; exit };
alarm 1;
my $name = $is6 ? pack_sockaddr_in6($port, $to) : pack_sockaddr_in($port, $to);
print connect(S, $name) ? "REACHED $host\\n" : "$!\\n"`

describe.skipIf(!sandbox?.host.nft)('the network around this machine', () => {
  const METADATA = ['169.254.169.254', '100.100.100.200', 'fd00:ec2::254']
  const NEIGHBOURS = ['10.255.255.53', '192.168.1.1', '172.17.0.1', 'fd00::1']

  async function outcomes(addresses: readonly string[], reach: 'public' | 'lan', gateway: number) {
    using harness = openSandboxHarness()
    const tries = addresses.flatMap((address) => [`${address} 80`, `${address} 80 bound`])
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app', { 'connect.pl': CONNECT }),
      reach,
      ownHost: { name: 'notes-ab12.cloud.test', port: gateway, hostPort: gateway },
      script: `${[...tries, `127.0.0.1 ${gateway}`].map((args) => `perl connect.pl ${args} &`).join('\n')}\nwait`,
    })
    return stdout.split('\n').filter((line) => line !== 'silence')
  }

  test('is closed to a micro, also to sockets that bypass routes', async () => {
    using gateway = await listenOnHost({ port: 0, host: '127.0.0.1' })
    const found = await outcomes([...METADATA, ...NEIGHBOURS], 'public', gateway.port)
    // The last address is open, which shows that the program works.
    expect(found.filter((line) => line !== 'No route to host' && line !== 'Permission denied')).toEqual([
      'REACHED 127.0.0.1',
    ])
  })

  test('may be opened, except the metadata service of a cloud', async () => {
    using gateway = await listenOnHost({ port: 0, host: '127.0.0.1' })
    const found = await outcomes(METADATA, 'lan', gateway.port)
    expect(found.filter((line) => line !== 'No route to host' && line !== 'Permission denied')).toEqual([
      'REACHED 127.0.0.1',
    ])
  })

  test('does not affect name lookups', async () => {
    using harness = openSandboxHarness()
    const ask = `use Socket; socket(S, AF_INET, SOCK_DGRAM, 0);
      my $to = pack_sockaddr_in(53, inet_aton("169.254.1.1"));
      print send(S, pack("n6", 1, 256, 1, 0, 0, 0) . "\\0" . pack("n2", 2, 1), 0, $to) ? "SENT" : $!`
    const { stdout } = await inside(sandbox, {
      dir: harness.folder('app', { 'ask.pl': ask }),
      script: 'perl ask.pl',
    })
    expect(stdout).toBe('SENT')
  })

  test.skipIf(!reachable(METADATA[0]!))(
    'is closed by the firewall, and not only by the network of this machine',
    async () => {
      using harness = openSandboxHarness()
      const open = { ...sandbox, host: { ...sandbox.host, nft: null } }
      const { stdout } = await inside(open, {
        dir: harness.folder('app', { 'connect.pl': CONNECT }),
        script: `perl connect.pl ${METADATA[0]} 80; perl connect.pl ${METADATA[0]} 80 bound`,
      })
      expect(stdout).toBe(`REACHED ${METADATA[0]}\nREACHED ${METADATA[0]}`)
    },
  )
})

/** Whether this machine itself can reach the address. */
function reachable(address: string): boolean {
  const script = `exec 3<>/dev/tcp/${address}/80`
  return Bun.spawnSync(['timeout', '1', 'bash', '-c', script], { stderr: 'ignore' }).exitCode === 0
}
