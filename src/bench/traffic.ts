/** Traffic of `bench network`: Perl programs that are fed to `perl -` in a lab's hosts (perl-base is in every image). */

const clock = String.raw`use strict;
use warnings;
use Socket;
$| = 1;
# clock_gettime(CLOCK_MONOTONIC) by its number: perl-base has no finer clock of its own
my $call = qx(uname -m) =~ /x86_64/ ? 228 : 113;
sub now {
    my $time = "\0" x 16;
    syscall($call, 1, $time) == 0 or die "clock: $!";
    my ($seconds, $nanoseconds) = unpack('qq', $time);
    return $seconds + $nanoseconds / 1e9;
}
`;

/** Argument: port. Takes connections and reads them to their end, one after another, until it is killed. */
export const sinkProgram = String.raw`${clock}
my ($port) = @ARGV;
socket(my $listener, PF_INET, SOCK_STREAM, 6) or die "socket: $!";
setsockopt($listener, SOL_SOCKET, SO_REUSEADDR, 1);
bind($listener, sockaddr_in($port, INADDR_ANY)) or die "bind: $!";
listen($listener, 9) or die "listen: $!";
print "ready\n";
while (accept(my $socket, $listener)) {
    my $total = 0;
    my $count;
    $total += $count while $count = sysread($socket, my $buffer, 1 << 20);
    syswrite($socket, pack('Q', $total));
}
`;

/**
 * Arguments: address, port, seconds, bytes per second (0: as fast as TCP lets it). Prints Gbit/s of what the other side
 * says it has read. TCP itself keeps the pace (SO_MAX_PACING_RATE), packet by packet.
 */
export const streamProgram = String.raw`${clock}
my ($address, $port, $seconds, $pace) = @ARGV;
socket(my $socket, PF_INET, SOCK_STREAM, 6) or die "socket: $!";
!$pace or setsockopt($socket, SOL_SOCKET, 47, pack('L', $pace)) or die "pace: $!";
connect($socket, sockaddr_in($port, inet_aton($address))) or die "connect: $!";
my $block = "\0" x (1 << 18);
my $began = now();
while (now() - $began < $seconds) { syswrite($socket, $block) // die "write: $!" }
shutdown($socket, 1);
sysread($socket, my $total, 8) == 8 or die "no answer";
printf "%.4f\n", unpack('Q', $total) * 8 / (now() - $began) / 1e9;
`;

/**
 * Arguments: source address, destination address, port, first source port, how many source ports, packets, packets per
 * second (0: without a pause). Sends small UDP packets, one source port after another; prints microseconds per packet.
 * Packets are made whole, so one socket is enough. Through bridges and routers of one kernel a send returns when the
 * packet has arrived or is held somewhere, so what a router does with it is in the time.
 */
export const packetsProgram = String.raw`${clock}
my ($from, $to, $port, $first, $ports, $packets, $rate) = @ARGV;
socket(my $socket, PF_INET, SOCK_RAW, 255) or die "socket: $!";
my $head = pack('CCnnnCCna4a4', 0x45, 0, 36, 0, 0, 64, 17, 0, inet_aton($from), inet_aton($to));
my $target = sockaddr_in(0, inet_aton($to));
my $began = now();
for my $number (0 .. $packets - 1) {
    send($socket, $head . pack('nnnnNN', $first + $number % $ports, $port, 16, 0, $number, 0), 0, $target) // die "send: $!";
    next if !$rate || $number % 20;
    my $left = $began + $number / $rate - now();
    select(undef, undef, undef, $left) if $left > 0.0005;
}
printf "%.4f\n", (now() - $began) * 1e6 / $packets;
`;
