/** What is measured over UDP: Perl for the prober. */

/** Mapping, filtering by an answer from where nobody asked (`udp_hears`), hairpinning, and what comes in without being asked for. */
export const udpMeasurements = String.raw`sub udp_mapping {
    my $socket = bound(SOCK_DGRAM, any($a1), 0);
    my @seen;
    for ([$a1, $p1], [$a2, $p1], [$a2, $p2]) { push @seen, ask($socket, @$_) // return 'UDP=blocked' }
    my @more = ($declared{'UDP ports'} // '') eq 'counted up' ? grep { defined } map { ask(bound(SOCK_DGRAM, any($a1), 0), $a1, $p1) } 1, 2 : ();
    my @pooling = pooling('UDP', $seen[0], sub { return ask(bound(SOCK_DGRAM, any($a1), 0), $a1, $p1) });
    return ('UDP=passes', describe_mapping('UDP', port_of($socket), \@more, @seen), @pooling);
}

# Whether the answer arrives that comes from where this fresh socket never sent to.
sub udp_hears {
    my ($change) = @_;
    my $socket = bound(SOCK_DGRAM, any($a1), 0);
    my $strange = send_request($socket, $a1, $p1, $change);
    my (%control, $until);
    my $give_up = now() + ($blocked ? 0.6 : 2.4);
    while (now() < ($until // $give_up)) {
        $control{send_request($socket, $a1, $p1, 0)} = 1 unless defined $until;
        my $pause = now() + 0.2;
        $pause = $until if defined $until && $until < $pause;
        while (readable($socket, left($pause))) {
            recv($socket, my $text, 1500, 0) // next;
            next unless length $text >= 20;
            return 1 if transaction_of($text) eq $strange;
            $pause = $until = now() + $grace if !defined $until && $control{transaction_of($text)};
        }
    }
    return defined $until ? 0 : undef;
}

sub udp_hairpin {
    my ($inside, $third) = (bound(SOCK_DGRAM, any($a1), 0), bound(SOCK_DGRAM, any($a1), 0));
    my $mapped = ask($inside, $a1, $p1) // return 'UDP hairpinning=not measured';
    my ($address, $port) = split / /, $mapped;
    my $heard;
    for (1 .. 2) {
        send($third, 'through the outside', 0, packed($port, $address));
        ask($third, $a1, $p1);
        $heard = readable($inside, $grace) and last;
    }
    return 'UDP hairpinning=no' unless $heard;
    my (undef, $source) = unpacked(recv($inside, my $text, 1500, 0));
    return 'UDP hairpinning=' . (outside('UDP', $source) eq outside('UDP', $address) ? 'from the outside address' : 'from the inside address');
}

# Whether a port that never sent anything hears an answer that another one asked for.
sub udp_unsolicited {
    return () unless defined $declared{'UDP unsolicited'};
    my ($asks, $silent) = (bound(SOCK_DGRAM, any($a1), 0), bound(SOCK_DGRAM, any($a1), 0));
    for (1 .. 2) {
        send_request($asks, $a1, $p1, 0, port_of($silent));
        ask($asks, $a1, $p1) // return 'UDP unsolicited=not measured';
        return 'UDP unsolicited=let in' if readable($silent, $grace);
    }
    return 'UDP unsolicited=kept out';
}`;
