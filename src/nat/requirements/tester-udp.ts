/** Tests of RFC 4787, in the order of its requirements. Each gives whether it holds, and what was seen. */

/** Perl that follows `testerBase`. */
export const udpTests = String.raw`
group 'udp';
test 'RFC4787-1' => sub {
    my @seen = ask_three(udp(0, '', fresh()));
    return (mapping_of(@seen) eq 'endpoint-independent', 'mapping is ' . mapping_of(@seen));
};
test 'RFC4787-2' => sub {
    my %addresses = map { (split_endpoint($_))[0] => 1 } map { ask_three(udp(0, '', fresh())) } 1 .. 4;
    return (keys %addresses == 1, join(', ', sort keys %addresses));
};
test 'RFC4787-3' => sub {
    my ($shared, $ports) = (0, 8);
    for (1 .. $ports) {
        my $port = fresh();
        my $one = seen_at(udp(0, '', $port), server($a1, $base), at($a1, $base));
        my $other = seen_at(udp(1, '', $port), server($a2, $base), at($a2, $base));
        $shared++ if $one eq $other;
    }
    return ($shared == 0, "two hosts with equal ports share $shared of $ports outside ports");
};
test 'RFC4787-3a' => sub {
    my @ports = map { (split_endpoint(seen_at(udp(0, '', $_), server($a1, $base), at($a1, $base))))[1] } 600 + $kind, fresh();
    return ($ports[0] < 1024 && $ports[1] >= 1024, 'port ' . (600 + $kind) . " leaves as $ports[0], one above 1023 as $ports[1]");
};
test 'RFC4787-4' => sub {
    # No regular row of ports: a NAT that only counts up would keep the parity of one.
    my $kept = grep {
        my $port = (map { fresh() } 0 .. $_)[-1];
        ((split_endpoint(seen_at(udp(0, '', $port), server($a1, $base), at($a1, $base))))[1] - $port) % 2 == 0
    } qw(0 0 1 0 1 1 0 1 0 0 1 1);
    return ($kept == 12, "parity is kept by $kept of 12 ports");
};
test 'RFC4787-5' => sub {
    my $port = fresh();
    seen_at(udp(0, '', $port), server($a1, $base), at($a1, $base));
    my ($seconds, $of) = seconds_left('udp', inside(0, $port));
    return ($seconds > 118, sprintf('%.0f s left on the %s', $seconds, $of));
};
test 'RFC4787-6' => sub {
    my $port = fresh();
    my $socket = udp(0, '', $port);
    my $seen = seen_at($socket, server($a1, $base), at($a1, $base));
    send(server($a1, $base), 'an answer', 0, at(split_endpoint($seen)));
    heard($socket, 1);
    my ($full) = seconds_left('udp', inside(0, $port));
    pause(1.6);
    my ($aged) = seconds_left('udp', inside(0, $port));
    seen_at($socket, server($a1, $base), at($a1, $base));
    my ($fresh) = seconds_left('udp', inside(0, $port));
    pause(1.6);
    send(server($a1, $base), 'from outside', 0, at(split_endpoint($seen)));
    heard($socket, 1);
    my ($inwards) = seconds_left('udp', inside(0, $port));
    return ($aged < $full && $fresh > $aged, 'a packet outwards starts the timer anew; one inwards ' . ($inwards > $aged ? 'too' : 'not'));
};
test 'RFC4787-8' => sub {
    my $socket = udp(0, '', fresh());
    my $seen = seen_at($socket, server($a1, $base), at($a1, $base));
    my $passes = sub { my ($address, $port, $word) = @_; send(server($address, $port), $word, 0, at(split_endpoint($seen))); my ($text) = heard($socket, 0.4); return defined $text && $text eq $word };
    my $filter = $passes->($a2, $base, 'stranger') ? 'endpoint-independent' : $passes->($a1, $base + 1, 'neighbour') ? 'address-dependent' : 'address-and-port-dependent';
    return ($filter ne 'address-and-port-dependent', "filtering is $filter");
};
test 'RFC4787-9' => sub {
    my ($one, $other) = map { udp($_, '', fresh()) } 0, 1;
    my ($to, $expected) = map { seen_at($_, server($a1, $base), at($a1, $base)) } $one, $other;
    send($other, 'through the outside', 0, at(split_endpoint($to)));
    my ($text, $from) = heard($one, 0.6);
    return (0, 'nothing arrives') unless defined $text;
    return ((split_endpoint($from))[0] eq (split_endpoint($expected))[0], "arrives from $from");
};
test 'RFC4787-10' => sub {
    my $port = 5060;
    my $text = "REGISTER sip:a SIP/2.0\r\nVia: SIP/2.0/UDP $hosts[0]:$port\r\nContact: <sip:me\@$hosts[0]:$port>\r\n\r\n";
    my $socket = udp(0, '', $port);
    my $server = udp('net', $a1, $base + 5);
    send($socket, $text, 0, at($a1, $base + 5));
    my ($seen) = heard($server, 1);
    return (defined $seen && $seen eq $text, defined $seen && $seen eq $text ? 'a SIP message arrives as it was sent' : 'a SIP message is changed');
};
# The second host's port is taken towards one server only, and it asks another one first: Linux then keeps the port for
# that one and picks another for the first.
test 'RFC4787-11' => sub {
    my ($free, $taken) = (fresh(), fresh());
    my @servers = ([$a2, $base], [$a1, $base], [$a2, $base + 1]);
    seen_at(udp(0, '', $taken), server($a1, $base), at($a1, $base));
    my @counts = map {
        my $socket = $_;
        scalar keys %{{ map { seen_at($socket, server(@$_), at(@$_)) => 1 } @servers }};
    } udp(0, '', $free), udp(1, '', $taken);
    return ($counts[0] == $counts[1], "of 3 servers a host whose port is free is seen at $counts[0] endpoints, one whose port is taken at $counts[1]");
};
test 'RFC4787-12' => sub {
    my $socket = udp(0, '', fresh());
    my $before = seen_at($socket, server($a1, $base), at($a1, $base));
    send($socket, 'to a closed port', 0, at($a1, $base + 7));
    send_icmp($a1, (split_endpoint($before))[0], icmp_error(3, 1, 17, $before, "$a1:$base"));
    pause(0.1);
    send(server($a1, $base), 'still there', 0, at(split_endpoint($before)));
    my ($text) = heard($socket, 1);
    my $after = seen_at($socket, server($a1, $base), at($a1, $base));
    return (defined $text && $after eq $before, $after eq $before ? 'the mapping stays' : 'the mapping changes');
};
test 'RFC4787-12a' => sub {
    my ($socket, $host) = (udp(0, '', fresh()), raw(0, 1));
    my $to = 1000 + int rand 60000;
    send($socket, 'to nowhere', 0, at('45.80.0.9', $to));
    my ($text, $from) = icmp_heard($host, 1, sub { ord $_[0] == 3 && quoted_port($_[0]) == $to });
    return (yes(defined $text), 'of a router on the way the host hears ' . (defined $text ? "from $from" : 'nothing'));
};
test 'RFC4787-12b' => sub {
    my $socket = within(0, sub { my $socket = bound(SOCK_DGRAM, '', fresh()); connect($socket, at($a1, $base + 7)); $socket });
    send($socket, 'to a closed port', 0);
    my $error = told($socket);
    return (yes(scalar($error =~ /refused/i)), "of a closed port the host hears: $error");
};
test 'RFC4787-14' => sub {
    my $socket = udp(0, '', fresh());
    my $seen = seen_at($socket, server($a1, $base), at($a1, $base));
    my $text = join '', map { chr(65 + $_ % 26) } 1 .. 3000;
    send(server($a1, $base), $text, 0, at(split_endpoint($seen)));
    my ($ordered) = heard($socket, 1);
    my ($address, $port) = split_endpoint($seen);
    my $whole = pack('nnnn', $base, $port, 8 + length $text, 0) . $text;
    my $id = 1 + int rand 65000;
    my @pieces = map { [$_ * 1480, substr($whole, $_ * 1480, 1480)] } 0 .. 2;
    for my $piece (reverse @pieces) {
        my ($offset, $data) = @$piece;
        send_raw('net', ip_head(17, $a1, $address, length $data, id => $id, fragment => ($offset / 8) | ($offset + length($data) < length $whole ? 0x2000 : 0)) . $data, $address);
    }
    my ($reversed) = heard($socket, 1);
    my @arrived = map { defined $_ && $_ eq $text ? 'arrive' : 'are lost' } $ordered, $reversed;
    return (!(grep { $_ ne 'arrive' } @arrived), "fragments in order $arrived[0], in reverse order $arrived[1]");
};
`;
