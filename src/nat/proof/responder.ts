/** The lab's STUN server: two addresses, two ports, over UDP and TCP (RFC 5780 §6), as a Perl program for the core router. */
import { perlStun } from './perl-stun.ts';

/** Ports it answers on, of both addresses. */
export const stunPorts = { first: 3478, second: 3479 } as const;

/**
 * Arguments: address, other address, port, other port. Prints `ready` and goes on without its output.
 * Over TCP a CHANGE-REQUEST (which RFC 5780 has for UDP only) is answered as usual, and a connection to the client is tried
 * from the other address or from a port that it never saw: so filtering of TCP can be measured too.
 */
export const responderProgram = String.raw`${perlStun}
require Fcntl;
my @addresses = @ARGV[0, 1];
my @ports = @ARGV[2, 3];
my (%udp, %listening, %clients, @later);
for my $a (0, 1) {
    for my $p (0, 1) {
        $udp{"$a$p"} = bound(SOCK_DGRAM, $addresses[$a], $ports[$p]);
        $listening{"$a$p"} = bound(SOCK_STREAM, $addresses[$a], $ports[$p]);
        listen($listening{"$a$p"}, 1024) or die "listen: $!";
    }
}

sub address_value {
    my ($address, $port, $mask) = @_;
    my $value = inet_pton(family($address), $address);
    return pack('CCn', 0, length $value == 16 ? 2 : 1, $port ^ unpack('n', $mask)) . ($value ^ substr($mask, 0, length $value));
}
sub attribute { my ($type, $value) = @_; return pack('nn', $type, length $value) . $value }

# Where the answer comes from, the answer, what was to change, and where it goes.
sub answer {
    my ($text, $at, $peer) = @_;
    return unless length $text >= 20 && unpack('n', $text) == 1;
    my $found = attributes($text) // return;
    my $change = exists $found->{3} && length $found->{3} == 4 ? unpack('N', $found->{3}) : 0;
    my ($a, $p) = split //, $at;
    my ($from_a, $from_p) = ($change & 4 ? 1 - $a : $a, $change & 2 ? 1 - $p : $p);
    my ($port, $seen) = unpacked($peer);
    my $plain = "\0" x 16;
    my $other = address_value($addresses[1 - $a], $ports[1 - $p], $plain);
    my $from = address_value($addresses[$from_a], $ports[$from_p], $plain);
    my $body = attribute(0x0001, address_value($seen, $port, $plain));
    # A client of RFC 3489 sends no cookie, and other attributes are for it.
    $body .= unpack('x4N', $text) == $cookie
        ? attribute(0x0020, address_value($seen, $port, substr($text, 4, 16))) . attribute(0x802b, $from) . attribute(0x802c, $other)
        : attribute(0x0004, $from) . attribute(0x0005, $other);
    return ("$from_a$from_p", pack('nn', 0x0101, length $body) . substr($text, 4, 16) . $body, $change, exists $found->{0x27} ? packed(unpack('n', $found->{0x27}), $seen) : $peer);
}

sub connect_back {
    my ($from, $peer) = @_;
    my $socket = bound(SOCK_STREAM, $addresses[(split //, $from)[0]], 0);
    fcntl($socket, Fcntl::F_SETFL(), Fcntl::O_NONBLOCK());
    connect($socket, $peer);
    push @later, [now() + 3, $socket];
}

$SIG{PIPE} = 'IGNORE';
syswrite(STDOUT, "ready\n");
open(STDOUT, '>', '/dev/null');
while (1) {
    my $read = '';
    vec($read, fileno($_), 1) = 1 for values %udp, values %listening, map { $_->[0] } values %clients;
    select($read, undef, undef, @later ? 0.5 : undef);
    @later = grep { $_->[0] > now() } @later;
    for my $at (keys %udp) {
        next unless vec($read, fileno($udp{$at}), 1);
        my $peer = recv($udp{$at}, my $text, 1500, 0) or next;
        my ($from, $answer, undef, $to) = answer($text, $at, $peer) or next;
        send($udp{$from}, $answer, 0, $to);
    }
    for my $key (keys %clients) {
        my ($socket, $at, $peer, $text) = @{$clients{$key}};
        next unless vec($read, fileno($socket), 1);
        if (!sysread($socket, $text, 1500, length $text)) { delete $clients{$key}; next }
        $clients{$key}[3] = $text;
        my ($from, $answer, $change) = answer($text, $at, $peer) or next;
        $clients{$key}[3] = '';
        connect_back($from, $peer) if $change;
        syswrite($socket, $answer);
    }
    for my $at (keys %listening) {
        next unless vec($read, fileno($listening{$at}), 1);
        my $peer = accept(my $socket, $listening{$at}) or next;
        $clients{fileno $socket} = [$socket, $at, $peer, ''];
    }
}
`;
