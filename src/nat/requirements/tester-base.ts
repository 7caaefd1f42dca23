/** What each test of the requirements is made of: sockets in any namespace of the world, raw packets, the router's own clocks. */
import { perlStun } from '../proof/perl-stun.ts';

/**
 * One process acts for two hosts, the server and two remote addresses at once: it enters the namespace in which a socket
 * is to be made (setns(2)) and leaves it again. So a test reads from top to bottom.
 */
export const testerBase = String.raw`${perlStun}
require Fcntl;
my ($group, $kind, $wan, @hosts) = @ARGV;    # hosts: the address of each
my ($a1, $a2) = ('45.77.0.1', '192.0.2.1');
my ($lan, $own) = ("r$kind", '/proc/self/ns/net');
my $setns = qx(uname -m) =~ /x86_64/ ? 308 : 268;
open(my $home, '<', $own) or die "$own: $!";
$SIG{PIPE} = 'IGNORE';
srand;

# Runs code in the namespace of a host (0, 1) or the router ('r'); anything else is the internet.
sub within {
    my ($where, $work) = @_;
    my $name = $where eq 'net' ? undef : $where eq 'r' ? "r$kind" : "h$kind-$where";
    return $work->() unless defined $name;
    open(my $other, '<', "/run/netns/$name") or die "$name: $!";
    syscall($setns, fileno $other, 0x40000000) == 0 or die "setns: $!";
    my @result = eval { $work->() };
    my $failed = $@;
    syscall($setns, fileno $home, 0x40000000) == 0 or die "setns back: $!";
    die $failed if $failed;
    return wantarray ? @result : $result[0];
}

sub udp { my ($where, $address, $port) = @_; return within($where, sub { bound(SOCK_DGRAM, $address, $port) }) }
sub at { my ($address, $port) = @_; return pack_sockaddr_in($port, inet_aton($address)) }
sub endpoint { my ($port, $address) = unpack_sockaddr_in($_[0]); return inet_ntoa($address) . ":$port" }
sub split_endpoint { return split /:/, $_[0] }

# What arrives within the time, and from where.
sub heard {
    my ($socket, $seconds) = @_;
    return unless readable($socket, $seconds);
    my $peer = recv($socket, my $text, 65535, 0) // return;
    return ($text, endpoint($peer));
}

# Where a host's packet is seen from; sent again when it was lost.
my $sequence = 0;
sub seen_at {
    my ($socket, $server, $to) = @_;
    for (1 .. 5) {
        my $mark = "$kind " . ++$sequence;
        send($socket, $mark, 0, $to);
        my $until = now() + 0.4;
        while (now() < $until) {
            my ($text, $from) = heard($server, left($until)) or last;
            return $from if $text eq $mark;
        }
    }
    return 'nothing';
}

# The server's sockets: ports of this kind alone, at both addresses.
my $base = 20000 + 40 * $kind + ($group eq 'icmp' ? 20 : 0);
my %server;
sub server {
    my ($address, $port) = @_;
    return $server{"$address:$port"} //= udp('net', $address, $port);
}
sub ask_three { my ($socket) = @_; return map { seen_at($socket, server(@$_), at(@$_)) } [$a1, $base], [$a2, $base], [$a2, $base + 1] }
sub mapping_of { my ($first, $second, $third) = @_; return $first eq $second && $second eq $third ? 'endpoint-independent' : $second eq $third ? 'address-dependent' : 'address-and-port-dependent' }

sub unblocked { my ($socket) = @_; fcntl($socket, Fcntl::F_SETFL(), Fcntl::O_NONBLOCK()); return $socket }
sub writable { my ($socket, $seconds) = @_; vec(my $write = '', fileno $socket, 1) = 1; return select(undef, $write, undef, $seconds) > 0 }

# A TCP connection, or undef and why not.
sub dial {
    my ($where, $port, $to, $seconds) = @_;
    my $socket = within($where, sub { unblocked(bound(SOCK_STREAM, '', $port)) });
    connect($socket, $to);
    return (undef, 'no answer') unless writable($socket, $seconds // 3);
    my $error = unpack('i', getsockopt($socket, SOL_SOCKET, 4));    # SO_ERROR
    return $error ? (undef, do { local $! = $error; "$!" }) : ($socket, '');
}
sub hark { my ($where, $address, $port) = @_; return within($where, sub { my $socket = bound(SOCK_STREAM, $address, $port); listen($socket, 9) or die "listen: $!"; $socket }) }
my %harking;
sub server_tcp { my ($address, $port) = @_; return $harking{"$address:$port"} //= hark('net', $address, $port) }
# A connection of a host to the server: both ends, and where the server sees it from.
sub linked {
    my ($host, $port, $address, $to) = @_;
    my $listener = server_tcp($address, $to);
    my ($socket, $why) = dial($host, $port, at($address, $to));
    return (undef, undef, $why) unless $socket;
    readable($listener, 2) or return ($socket, undef, 'not accepted');
    my $peer = accept(my $other, $listener) or return ($socket, undef, "accept: $!");
    return ($socket, $other, endpoint($peer));
}

# Packets made by hand, with their checksums.
sub checksum { my ($text) = @_; $text .= "\0" if length($text) % 2; my $sum = 0; $sum += $_ for unpack('n*', $text); $sum = ($sum >> 16) + ($sum & 0xffff) while $sum >> 16; return ~$sum & 0xffff }
sub ip_head {
    my ($protocol, $from, $to, $size, %more) = @_;
    my $head = pack('CCnnnCCna4a4', 0x45, 0, 20 + $size, $more{id} // 0, $more{fragment} // 0, 64, $protocol, 0, inet_aton($from), inet_aton($to));
    substr($head, 10, 2) = pack('n', checksum($head) ^ ($more{spoil} // 0));
    return $head;
}
# An ICMP error about a packet from -> to, as the router of address $source would send it.
sub icmp_error {
    my ($type, $code, $protocol, $from, $to, %more) = @_;
    my ($from_address, $from_port) = split_endpoint($from);
    my ($to_address, $to_port) = split_endpoint($to);
    my $quoted = ip_head($protocol, $from_address, $to_address, 28, id => 7, spoil => $more{spoil_quoted}) . pack('nnnnN', $from_port, $to_port, 28, 0, 0) . ("\0" x 16);
    my $text = pack('CCnN', $type, $code, 0, 0) . $quoted;
    substr($text, 2, 2) = pack('n', checksum($text) ^ ($more{spoil} // 0));
    return $text;
}
sub raw { my ($where, $protocol) = @_; return within($where, sub { socket(my $socket, PF_INET, SOCK_RAW, $protocol) or die "raw: $!"; $socket }) }
sub send_raw { my ($where, $packet, $to) = @_; my $socket = raw($where, 255); send($socket, $packet, 0, at($to, 0)) // die "send: $!" }
sub send_icmp { my ($source, $to, $text) = @_; send_raw('net', ip_head(1, $source, $to, length $text) . $text, $to) }
# Whether an ICMP message that fits comes to this raw socket.
sub icmp_heard {
    my ($socket, $seconds, $fits) = @_;
    my $until = now() + $seconds;
    while (readable($socket, left($until))) {
        recv($socket, my $packet, 65535, 0) // next;
        my $text = substr($packet, 4 * (ord($packet) & 15));
        return ($text, inet_ntoa(substr($packet, 12, 4))) if $fits->($text);
    }
    return;
}

# Destination port of the packet that an ICMP error quotes.
sub quoted_port { return unpack('n', substr($_[0], 30, 2)) }

# What the error is that a connected socket was told, within a second.
sub told {
    my ($socket) = @_;
    my $until = now() + 1;
    while (now() < $until) {
        my $error = unpack('i', getsockopt($socket, SOL_SOCKET, 4));
        return do { local $! = $error; "$!" } if $error;
        pause(0.02);
    }
    return 'nothing';
}

# Seconds a binding of an inside port still has: of the mapping where the router keeps a table, of conntrack where not.
sub seconds_of { my ($text) = @_; my $total = 0; $total += $1 * { d => 86400, h => 3600, m => 60, s => 1, ms => 0.001 }->{$2} while $text =~ /(\d+)(ms|[dhms])/g; return $total }
sub seconds_left {
    my ($protocol, $inside) = @_;
    my ($address, $port) = split_endpoint($inside);
    my $names = $protocol eq 'tcp' ? 'tcp|6' : 'udp|17';
    my $table = within('r', sub { scalar qx(nft list map ip lab owner 2>/dev/null) });
    return (seconds_of($1), 'mapping') if $table =~ /\b(?:$names) \. \d+ timeout \S+ expires (\S+) : \Q$address\E \. $port\b/;
    my $tracked = within('r', sub { scalar qx(conntrack -L -p $protocol -s $address --sport $port 2>/dev/null) });
    return (0 + $1, 'connection tracking') if $tracked =~ /^\w+\s+\d+\s+(\d+)\s/m;
    return (0, 'nothing');
}

my $ports = { udp => 30000, tcp => 34000, icmp => 38000 }->{$group};
sub fresh { return $ports++ }
# Ports of the two hosts that this test has alone: each test begins without bindings on them.
sub inside { my ($host, $port) = @_; return "$hosts[$host]:$port" }

# Tests by the group they belong to: groups run side by side, each with ports of its own.
my (@tests, $current);
sub group { $current = $_[0] }
sub test { push @tests, [@_] if $current eq $group }
# A match in a list is not a truth.
sub yes { return $_[0] ? 1 : 0 }
`;
