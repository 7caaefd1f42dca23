/** UDP to the echo server by a small Perl program: its name, and the source address it saw. */
import { perlClock } from '../lib/perl-clock.ts';
import { inconclusive, lastLine, outcomeOfErrno, type Observation, type ProbeResult } from './observation.ts';

/**
 * One attempt over IPv4: two questions, `hostname` and `clientip`, each sent again until it is answered; `timeoutSeconds` bounds
 * both together.
 */
export type UdpProbe = {
  /** Address or name. */
  host: string;
  port: number;
  /** Source port, for the node's connection table. */
  localPort: number;
  /** Bytes of each datagram it sends; unique per attempt, so that captures can tell them apart behind NATs. */
  payload: number;
  timeoutSeconds: number;
};

/** In perl-base, which every pod of a workload has. The server takes blanks around a command for nothing. A datagram that may be lost is sent again, twice a second. */
const program = String.raw`
use strict; use warnings; use Socket; use IO::Select;
${perlClock}
my ($host, $port, $local, $size, $limit) = @ARGV;
my $address = inet_aton($host) or do { print STDERR "lookup: $host was not found\n"; exit 6 };
print "resolved ", inet_ntoa($address), "\n";
socket(my $socket, PF_INET, SOCK_DGRAM, getprotobyname('udp')) or die "socket: $!\n";
bind($socket, sockaddr_in($local, INADDR_ANY)) or die "bind: $!\n";
connect($socket, sockaddr_in($port, $address)) or do { print STDERR "connect: $!\n"; exit 7 };
my $end = now() + $limit;
my $ready = IO::Select->new($socket);
my $name = '';
for my $command ('hostname', 'clientip') {
    my $began = now();
    my $answer;
    until (defined $answer) {
        my $left = $end - now();
        exit 28 if $left <= 0;
        defined send($socket, $command . ' ' x ($size - length $command), 0) or do { print STDERR "send: $!\n"; exit 7 };
        next unless $ready->can_read($left < 0.5 ? $left : 0.5);
        defined recv($socket, $answer, 2048, 0) or do { print STDERR "recv: $!\n"; exit 7 };
        undef $answer if $command eq 'clientip' && $answer eq $name; # to a question that was sent again
    }
    $name = $answer;
    printf "milliseconds %.1f\n", 1000 * (now() - $began) if $command eq 'hostname';
    print "$command $answer\n";
}`;

/** perl with the program in `-e`. A name loses its final dot. */
export const udpArgv = ({ host, port, localPort, payload, timeoutSeconds }: UdpProbe): string[] => [
  'perl',
  ...['-e', program],
  ...[host.replace(/\.$/, ''), port, localPort, payload, timeoutSeconds].map(String),
];

/** Exit 0: answered; 6: no such name; 7: an errno; 28: silence. */
export const readUdp =
  (localPort: number) =>
  ({ code, stdout, stderr }: ProbeResult): Observation => {
    const resolved = /^resolved (\S+)$/m.exec(stdout)?.[1];
    const facts = { localPort, ...(resolved === undefined ? {} : { resolved }) };
    if (code === 0) {
      const [server, sourceSeen] = ['hostname', 'clientip'].map((word) => new RegExp(`^${word} (\\S+)$`, 'm').exec(stdout)?.[1]);
      if (server === undefined || sourceSeen === undefined) return inconclusive('something answered that is no echo server');
      const milliseconds = Number(/^milliseconds ([\d.]+)$/m.exec(stdout)?.[1]);
      return { outcome: 'reachable', why: `${server} answered`, server, sourceSeen, milliseconds, ...facts };
    }
    if (code === 6) return { outcome: 'unreachable', why: `the name was not found: ${lastLine(stderr)}`, lookupFailed: true, localPort };
    if (code === 28) return { outcome: 'timeout', why: 'no answer to any datagram', ...facts };
    const outcome = code === 7 ? outcomeOfErrno(lastLine(stderr)) : undefined;
    return outcome
      ? { outcome, why: lastLine(stderr).toLowerCase(), ...facts }
      : inconclusive(`the UDP probe ended with ${code}: ${lastLine(stderr)}`);
  };
