/**
 * `perl send.pl <port> <address>…`: sends to each address in every way that a program without rights has, and prints
 * `<way> <address>` for each packet that the kernel let out of the sandbox. What is sent to an address of the sandbox
 * itself may arrive there; then only an answer counts, and the port must be one at which nothing listens inside.
 */
export const SEND_EVERYWHERE = String.raw`use strict; use Socket qw(:DEFAULT SOCK_NONBLOCK); use Errno; use POSIX ();
my $port = shift;
my ($device) = grep { $_ ne "lo" && $_ ne "default" } map { m{([^/]+)$} } glob "/proc/sys/net/ipv4/neigh/*";
my $index = index_of($device);
my $sendmsg = { x86_64 => 46, aarch64 => 211 }->{(POSIX::uname())[4]} or die "which number has sendmsg?";
my %refused = map { $_ => 1 } Errno::EPERM, Errno::EACCES, Errno::EHOSTUNREACH, Errno::ENETUNREACH, Errno::EADDRNOTAVAIL, Errno::EINVAL;

sub index_of {
  socket(my $any, AF_INET, SOCK_DGRAM, 0) or die $!;
  my $request = pack("a16 x24", shift);
  ioctl($any, 0x8933, $request) or die "index $!";
  return unpack("x16 i", $request);
}
# Sent by the device so far.
sub packets { open(my $f, "<", "/proc/net/dev"); return (split)[10] for grep { /^\s*$device:/ } <$f> }
sub bind_device { setsockopt($_[0], SOL_SOCKET, 25, "$device\0") or die "SO_BINDTODEVICE $!" }
sub unicast_if { my ($s, $v6) = @_; setsockopt($s, $v6 ? 41 : 0, $v6 ? 76 : 50, pack("N", $index)) or die "UNICAST_IF $!" }
# The interface, as data beside one message.
sub send_with_info {
  my ($s, $v6, $to) = @_;
  my $info = $v6 ? pack("x16 i", $index) : pack("i x8", $index);
  my $control = pack("Q i i a*", 16 + length $info, $v6 ? (41, 50) : (0, 8), $info);
  $control .= "\0" x (-length($control) % 8);
  my $text = "probe"; my $iov = pack("P Q", $text, length $text);
  my $message = pack("P L x4 P Q P Q i x4", $to, length $to, $iov, 1, $control, length $control, 0);
  return syscall($sendmsg, fileno($s), $message, 0) >= 0;
}
sub connected { my ($s, $v6, $to) = @_; return connect($s, $to) && send($s, "probe", 0) }
sub plain { my ($s, $v6, $to) = @_; return send($s, "probe", 0, $to) }
my %udp = (
  plain => \&plain,
  connected => \&connected,
  device => sub { bind_device($_[0]); plain(@_) },
  "device-connected" => sub { bind_device($_[0]); connected(@_) },
  "unicast-if" => sub { unicast_if(@_); plain(@_) },
  info => \&send_with_info,
  broadcast => sub { bind_device($_[0]); setsockopt($_[0], SOL_SOCKET, SO_BROADCAST, 1); plain(@_) },
);
# 0: connected. A refusal arrives when the packet is sent again, after a second, and never at IPv6 sockets that are
# bound to a device: of those the counter of the device tells.
sub outcome {
  my ($s) = @_;
  my $set = ""; vec($set, fileno($s), 1) = 1;
  return Errno::ETIMEDOUT unless select(undef, $set, undef, 3);
  return unpack "i", getsockopt($s, SOL_SOCKET, SO_ERROR);
}
sub connects { my ($s, $v6, $to) = @_; connect($s, $to); return $!{EINPROGRESS} ? outcome($s) : $! + 0 }
my %tcp = (
  plain => \&connects,
  device => sub { bind_device($_[0]); connects(@_) },
  "unicast-if" => sub { unicast_if(@_); connects(@_) },
  fastopen => sub { my ($s, $v6, $to) = @_; bind_device($s); return send($s, "probe", 0x20000000, $to) || $!{EINPROGRESS} ? outcome($s) : $! + 0 },
);
# Until then the kernel itself sends packets, to detect duplicates of its addresses.
sub is_settled { open(my $f, "<", "/proc/net/if_inet6"); return !grep { hex((split)[4]) & 0x40 } <$f> }
select undef, undef, undef, 0.01 until is_settled();
sub is_own {
  my ($family, $name, $text) = @_;
  # Those can be bound, and are sent to others.
  return 0 if $text =~ /^(22[4-9]|2[3-5]\d)\.|^ff/;
  socket(my $s, $family, SOCK_DGRAM, 0) or die $!;
  return bind($s, $name);
}
my @children;
sub beside { my ($work) = @_; my $child = fork; push(@children, $child), return if $child; $work->(); exit }
my $before = packets();
my $any_sent;
for my $address (@ARGV) {
  my $v6 = $address =~ /:/;
  my $family = $v6 ? AF_INET6 : AF_INET;
  my ($bare) = $address =~ /^([^%]+)/;
  my $raw = Socket::inet_pton($family, $bare) or die $address;
  my $to = $v6 ? pack_sockaddr_in6($port, $raw, $address =~ /%/ ? $index : 0) : pack_sockaddr_in($port, $raw);
  my $own = is_own($family, $v6 ? pack_sockaddr_in6(0, $raw) : pack_sockaddr_in(0, $raw), $bare);
  for my $way (sort keys %udp) {
    socket(my $s, $family, SOCK_DGRAM, 0) or die $!;
    $! = 0;
    my $sent = $udp{$way}->($s, $v6, $to) && !$own;
    print "udp-$way $address\n" if $sent;
    $any_sent ||= $sent;
    print "udp-$way $address: $!\n" if $! && !$refused{$! + 0};
  }
  for my $way (sort keys %tcp) {
    beside(sub {
      socket(my $s, $family, SOCK_STREAM | SOCK_NONBLOCK, 0) or die $!;
      my $error = $tcp{$way}->($s, $v6, $to);
      print "tcp-$way $address\n" unless $refused{$error} || $own && $error == Errno::ECONNREFUSED || $error == Errno::ETIMEDOUT;
    });
  }
}
waitpid $_, 0 for @children;
# The kernel counts a packet when pasta has read it, which may be a moment later.
for (1 .. 500) { last if !$any_sent || packets() > $before; select undef, undef, undef, 0.01 }
my $left = packets() - $before;
print "$left packets by $device\n" if $left;
# Ways that need a right which nothing inside has.
for my $kind ([AF_INET, SOCK_DGRAM, 1], [AF_INET, SOCK_RAW, 1], [AF_INET, SOCK_RAW, 255], [AF_INET6, SOCK_DGRAM, 58], [AF_INET6, SOCK_RAW, 58], [AF_INET6, SOCK_RAW, 255], [17, SOCK_RAW, 0x300], [17, SOCK_DGRAM, 0x300]) {
  print "socket @$kind\n" if socket(my $s, $kind->[0], $kind->[1], $kind->[2]);
}
socket(my $marked, AF_INET, SOCK_DGRAM, 0);
print "mark\n" if setsockopt($marked, SOL_SOCKET, 36, 1);
print "done\n"`
