/** STUN (RFC 8489) for Perl programs: building and reading messages, sockets, and waiting. perl-base is in every Debian base system. */

/** Begins each program of the proof; `now` is in seconds, as fine as the kernel's uptime (perl-base has no finer clock). */
export const perlStun = String.raw`
use strict;
use warnings;
use Socket qw(:DEFAULT inet_pton inet_ntop SO_REUSEPORT);

sub now { open(my $uptime, '<', '/proc/uptime') or die; return (split ' ', <$uptime>)[0] }
sub left { my $seconds = $_[0] - now(); return $seconds > 0 ? $seconds : 0 }
sub pause { select(undef, undef, undef, $_[0]) }

my $cookie = 0x2112A442;

# Of either family, by what the address looks like: a socket's address, and back.
sub family { return $_[0] =~ /:/ ? PF_INET6 : PF_INET }
sub any { return $_[0] =~ /:/ ? '::' : '0.0.0.0' }
sub packed {
    my ($port, $address) = @_;
    $address ||= '0.0.0.0';
    my $value = inet_pton(family($address), $address) // die "no address: $address";
    return $address =~ /:/ ? pack_sockaddr_in6($port, $value) : pack_sockaddr_in($port, $value);
}
sub unpacked {
    my ($socket_address) = @_;
    my $family = sockaddr_family($socket_address);
    my ($port, $value) = $family == PF_INET6 ? unpack_sockaddr_in6($socket_address) : unpack_sockaddr_in($socket_address);
    return ($port, inet_ntop($family, $value));
}

# Bound to an address and port, either may be 0; several sockets may share a port.
sub bound {
    my ($type, $address, $port) = @_;
    socket(my $socket, family($address), $type, $type == SOCK_DGRAM ? 17 : 6) or die "socket: $!";
    setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
    setsockopt($socket, SOL_SOCKET, SO_REUSEPORT, 1);
    bind($socket, packed($port, $address)) or die "bind $address:$port: $!";
    return $socket;
}

sub port_of { return (unpacked(getsockname($_[0])))[0] }

sub readable {
    my ($socket, $seconds) = @_;
    vec(my $read = '', fileno($socket), 1) = 1;
    return select($read, undef, undef, $seconds) > 0;
}

sub transaction { return pack('N3', map { int rand 4294967296 } 1 .. 3) }

# A binding request; change: 4 answer from the other address, 2 from the other port (RFC 5780 section 7.2); to: port that is to get the answer (7.5).
sub request {
    my ($transaction, $change, $to) = @_;
    my $body = ($change ? pack('nnN', 3, 4, $change) : '') . ($to ? pack('nnnn', 0x27, 4, $to, 0) : '');
    return pack('nnN', 1, length $body, $cookie) . $transaction . $body;
}

# Attributes of a message by type; nothing for what is no STUN.
sub attributes {
    my ($text) = @_;
    return unless length $text >= 20;
    my (undef, $length) = unpack('nn', $text);
    return unless length $text >= 20 + $length;
    my ($at, %found) = 20;
    while ($at + 4 <= 20 + $length) {
        my ($type, $size) = unpack('nn', substr($text, $at, 4));
        $found{$type} = substr($text, $at + 4, $size);
        $at += 4 + $size + (-$size % 4);
    }
    return \%found;
}

sub transaction_of { return substr($_[0], 8, 12) }

# "address port" that an answer says it saw; the address is masked by cookie and transaction (RFC 8489 section 14.2).
sub mapped {
    my ($text) = @_;
    my $value = (attributes($text) // {})->{0x20} // return;
    my (undef, $family, $port) = unpack('CCn', $value);
    my $size = $family == 2 ? 16 : 4;
    my $address = substr($value, 4, $size) ^ substr($text, 4, $size);
    return join ' ', inet_ntop($family == 2 ? PF_INET6 : PF_INET, $address), $port ^ ($cookie >> 16);
}
`;
