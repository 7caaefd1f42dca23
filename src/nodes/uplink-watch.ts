/** Which of several uplinks is used: a Perl program in the router asks the internet by each of them, and leads the LAN out by the first that answers. */
import type { Daemon } from './machine.ts';

/** Milliseconds: between two questions by one uplink, and the silence after which it is dead. An uplink is alive again when it has answered for that long. */
const pace = { ask: 100, silence: 1000 } as const;

/** Routing table of what comes from the LAN: the way out that is used. In the main table addresses beside the router would be reached by a dead wire. */
export const usedTable = 200;

/** File with a line per uplink, `wan0 alive used`; written anew with each change. */
export const uplinkStateFile = '/run/edgelab/uplinks';

/** One of several ways out of a router. */
export type WatchedUplink = {
  device: string;
  address: string;
  gateway: string;
  /** Routing table with nothing but the way out by this uplink, dead or alive: for what is sent from its address. */
  table: number;
  /** The same while it is alive: for the flows that have its mark. */
  flowTable: number;
  /** Connection mark of the flows that go out by it. */
  mark: string;
};

/** `dns`: address of the lab's DNS server, which is asked; `uplinks`: the preferred one first. */
export const watchUplinks = (dns: string, uplinks: readonly WatchedUplink[]): Daemon => ({
  name: 'uplinks',
  program: { path: '/run/edgelab/uplinks.pl', mode: 0o644, content: uplinkProgram },
  argv: [
    ...['perl', '/run/edgelab/uplinks.pl', dns, pace.ask, pace.silence, usedTable, uplinkStateFile].map(String),
    ...uplinks.map(({ device, address, gateway, flowTable, mark }) => [device, address, gateway, flowTable, mark].join(',')),
  ],
});

/**
 * Asks the lab's DNS server for the root's name servers, from the address of each uplink: so the whole way to the internet
 * is tried. Questions do not wait for answers, so a slow link is not a dead one. When an uplink dies its flows are
 * forgotten, or they would keep the address of a way that leads nowhere; when it is back, flows stay where they are.
 */
const uplinkProgram = String.raw`use strict;
use warnings;
use Socket;
my ($dns, $ask, $silence, $main, $state, @given) = @ARGV;
$_ /= 1000 for $ask, $silence;
my @uplinks = map { my ($device, $address, $gateway, $table, $mark) = split /,/; { device => $device, address => $address, gateway => $gateway, table => $table, mark => $mark } } @given;
sub now { open(my $uptime, '<', '/proc/uptime') or die; return (split ' ', <$uptime>)[0] }
sub run { system(@_) == 0 or print "failed: @_\n" }

# Before its address is there, and after its interface was gone, an uplink has no socket.
sub opened {
    my ($uplink) = @_;
    return $uplink->{socket} if $uplink->{socket};
    socket(my $socket, PF_INET, SOCK_DGRAM, 17) or die "socket: $!";
    bind($socket, sockaddr_in(0, inet_aton($uplink->{address}))) or return;
    return $uplink->{socket} = $socket;
}

my ($number, $used) = (0, $uplinks[0]);
sub question { $number = ($number + 1) % 65536; return pack('n6', $number, 0x0100, 1, 0, 0, 0) . "\0" . pack('n2', 2, 1) }

sub remember {
    open(my $file, '>', "$state.new") or die "$state: $!";
    print $file "$_->{device} ", ($_->{alive} ? 'alive' : 'dead'), ($_ == $used ? ' used' : ''), "\n" for @uplinks;
    close $file;
    rename "$state.new", $state;
}

# It gives up at an entry that has ended meanwhile, so it is told again until there is none.
sub forget { my ($uplink) = @_; for (1 .. 20) { last if qx(conntrack -D --mark $uplink->{mark} 2>&1) =~ /\b0 flow entries/ } }

# The table of a dead uplink goes, so that what is marked for it takes the used one.
sub settle {
    my ($uplink, $alive) = @_;
    $uplink->{alive} = $alive;
    run('ip', 'route', $alive ? 'replace' : 'delete', 'default', 'via', $uplink->{gateway}, 'dev', $uplink->{device}, 'table', $uplink->{table});
    my ($best) = grep { $_->{alive} } @uplinks;
    if ($best && $best != $used) {
        run('ip', 'route', 'replace', 'default', 'via', $best->{gateway}, 'dev', $best->{device}, 'table', $_) for 'main', $main;
        $used = $best;
    }
    forget($uplink) unless $alive;
    remember();
    printf "%.2f %s is %s, %s is used\n", now(), $uplink->{device}, $alive ? 'alive' : 'dead', $used->{device};
}

$| = 1;
remember();
my $next = now();
while (1) {
    my $now = now();
    if ($now >= $next) {
        $next = $now + $ask;
        for my $uplink (@uplinks) {
            my $socket = opened($uplink) or next;
            send($socket, question(), 0, sockaddr_in(53, inet_aton($dns)));
            # Unanswered questions and time: on a busy machine the watcher itself may have slept.
            if ($uplink->{alive} && $uplink->{asked}++ >= $silence / $ask && $now - $uplink->{heard} > $silence) { settle($uplink, 0); delete $uplink->{since} }
        }
    }
    my $read = '';
    vec($read, fileno($_->{socket}), 1) = 1 for grep { $_->{socket} } @uplinks;
    my $left = $next - now();
    next unless select($read, undef, undef, $left > 0 ? $left : 0) > 0;
    for my $uplink (grep { $_->{socket} && vec($read, fileno($_->{socket}), 1) } @uplinks) {
        recv($uplink->{socket}, my $text, 1500, 0) // next;
        my $heard = now();
        delete $uplink->{since} if defined $uplink->{heard} && $heard - $uplink->{heard} > $silence / 2;
        $uplink->{heard} = $heard;
        $uplink->{asked} = 0;
        $uplink->{since} //= $heard;
        settle($uplink, 1) if !$uplink->{alive} && ($heard - $uplink->{since} >= $silence || !$uplink->{known});
        $uplink->{known} = 1 if $uplink->{alive};
    }
}
`;
