/** Tests of RFC 5508, in the order of its requirements, and RFC 4787 REQ-13, which changes an MTU and so comes last. */

/** Perl that follows `testerBase`. */
export const icmpTests = String.raw`
group 'icmp';
sub echo { my ($id) = @_; my $text = pack('CCnnn', 8, 0, 0, $id, 1) . "echo $kind"; substr($text, 2, 2) = pack('n', checksum($text)); return $text }
# How many of two queries with one id, to both addresses, are answered, and the ids the server sees.
sub ask_by_ping {
    my $id = 1000 + int rand 60000;
    my ($host, $server) = (raw(0, 1), raw('net', 1));
    my ($answers, @ids) = (0);
    for my $to ($a1, $a2) {
        send($host, echo($id), 0, at($to, 0));
        my ($text) = icmp_heard($server, 1, sub { ord $_[0] == 8 && $_[0] =~ /echo $kind$/ });
        push @ids, defined $text ? unpack('x4n', $text) : 'none';
        $answers++ if icmp_heard($host, 1, sub { ord $_[0] == 0 && unpack('x4n', $_[0]) == $id });
    }
    return ($answers, @ids);
}
test 'RFC5508-1' => sub { my ($answers) = ask_by_ping(); return ($answers == 2, "$answers of 2 pings are answered") };
test 'RFC5508-1a' => sub { my (undef, @ids) = ask_by_ping(); return ($ids[0] eq $ids[1], $ids[0] eq $ids[1] ? 'both servers see one id' : 'two servers see two ids') };
test 'RFC5508-2' => sub {
    my $id = 2000 + $kind;
    my $host = raw(0, 1);
    send($host, echo($id), 0, at($a1, 0));
    icmp_heard($host, 1, sub { ord $_[0] == 0 && unpack('x4n', $_[0]) == $id });
    my $tracked = within('r', sub { scalar qx(conntrack -L -p icmp -s $hosts[0] --icmp-id $id 2>/dev/null) });
    my ($seconds) = $tracked =~ /^icmp\s+\d+\s+(\d+)\s/;
    return (($seconds // 0) > 58, defined $seconds ? "$seconds s left on the query" : 'no query is tracked');
};
# Whether the host hears of an error about its own flow when something in the error is wrong.
sub hears_error {
    my (%wrong) = @_;
    my $socket = udp(0, '', fresh());
    my $seen = seen_at($socket, server($a1, $base), at($a1, $base));
    my $host = raw(0, 1);
    my $about = $wrong{about} // $seen;
    send_icmp($a1, (split_endpoint($seen))[0], icmp_error(3, 1, 17, $about, "$a1:" . ($wrong{remote} // $base), %wrong));
    my $remote = $wrong{remote} // $base;
    return icmp_heard($host, 0.4, sub { ord $_[0] == 3 && quoted_port($_[0]) == $remote });
}
test 'RFC5508-3' => sub {
    return (0, 'not even a right one arrives') unless hears_error();
    my @arrived = hears_error(spoil => 0x1111);
    return (!@arrived, 'an ICMP error with a wrong checksum ' . (@arrived ? 'arrives' : 'is dropped'));
};
test 'RFC5508-3a' => sub {
    return (0, 'not even a right one arrives') unless hears_error();
    my @arrived = hears_error(spoil_quoted => 0x1111);
    return (!@arrived, 'an ICMP error that quotes a header with a wrong checksum ' . (@arrived ? 'arrives' : 'is dropped'));
};
test 'RFC5508-4' => sub {
    my @arrived = hears_error(remote => $base + 9);
    return (!@arrived, 'an ICMP error about no flow ' . (@arrived ? 'arrives' : 'is dropped'));
};
test 'RFC5508-4abc' => sub {
    my $port = fresh();
    my $socket = udp(0, '', $port);
    my $seen = seen_at($socket, server($a1, $base), at($a1, $base));
    my $host = raw(0, 1);
    send_icmp($a1, (split_endpoint($seen))[0], icmp_error(3, 1, 17, $seen, "$a1:$base"));
    my ($text) = icmp_heard($host, 1, sub { ord $_[0] == 3 && quoted_port($_[0]) == $base });
    return (0, 'nothing arrives') unless defined $text;
    my $quoted = inet_ntoa(substr($text, 20, 4)) . ':' . unpack('n', substr($text, 28, 2));
    return ($quoted eq inside(0, $port) && unpack('x1C', $text) == 1, "the host's own packet is quoted as from $quoted");
};
test 'RFC5508-5' => sub {
    my $port = fresh();
    my $socket = udp(0, '', $port);
    my $seen = seen_at($socket, server($a1, $base), at($a1, $base));
    close $socket;
    my $server = raw('net', 1);
    send(server($a1, $base), 'to a closed port', 0, at(split_endpoint($seen)));
    my ($text, $from) = icmp_heard($server, 1, sub { ord $_[0] == 3 && unpack('n', substr($_[0], 28, 2)) == $base });
    recv(server($a1, $base), my $error, 99, MSG_DONTWAIT);
    return (0, 'nothing arrives') unless defined $text;
    my $quoted = inet_ntoa(substr($text, 24, 4)) . ':' . unpack('n', substr($text, 30, 2));
    return ($quoted eq $seen && $from eq (split_endpoint($seen))[0], "comes from $from and quotes $quoted");
};
test 'RFC5508-6' => sub {
    my $port = fresh();
    my $socket = udp(0, '', $port);
    my $seen = seen_at($socket, server($a1, $base), at($a1, $base));
    send(server($a1, $base), 'an answer', 0, at(split_endpoint($seen)));
    heard($socket, 1);
    pause(1.6);
    my ($before) = seconds_left('udp', inside(0, $port));
    send_icmp($a1, (split_endpoint($seen))[0], icmp_error(3, 1, 17, $seen, "$a1:$base"));
    pause(0.1);
    my ($after) = seconds_left('udp', inside(0, $port));
    return ($after > 0 && $after <= $before, $after > $before ? 'an ICMP error starts the timer anew' : $after > 0 ? 'an ICMP error changes no timer' : 'an ICMP error ends the mapping');
};
test 'RFC5508-7' => sub {
    my $port = fresh();
    my $closed = udp(0, '', $port);
    my $to = seen_at($closed, server($a1, $base), at($a1, $base));
    close $closed;
    my $socket = within(1, sub { my $socket = bound(SOCK_DGRAM, '', fresh()); connect($socket, at(split_endpoint($to))); $socket });
    send($socket, 'to a closed port, through the outside', 0);
    my $error = told($socket);
    return (yes(scalar($error =~ /refused/i)), "of a neighbour's closed port the host hears: $error");
};
test 'RFC5508-8' => sub {
    my $socket = within(0, sub { my $socket = bound(SOCK_DGRAM, '', fresh()); connect($socket, at($a1, $base)); $socket });
    my $host = raw(0, 1);
    send($socket, 'refused by policy', 0);
    my ($text) = icmp_heard($host, 1, sub { ord $_[0] == 3 });
    return (defined $text && unpack('x1C', $text) == 13, defined $text ? 'refused with code ' . unpack('x1C', $text) : 'dropped in silence');
};
test 'RFC5508-10' => sub {
    my $heard_from = sub {
        my ($hops) = @_;
        my $socket = within(0, sub { my $socket = bound(SOCK_DGRAM, '', fresh()); setsockopt($socket, 0, 2, pack('i', $hops)); $socket });
        my $host = raw(0, 1);
        send($socket, 'short-lived', 0, at('45.79.0.9', 9));
        my (undef, $from) = icmp_heard($host, 1, sub { ord $_[0] == 11 });
        return $from // 'nobody';
    };
    my @from = map { $heard_from->($_) } 1, 2;
    my $host = raw(0, 1);
    send($host, echo(3000 + $kind), 0, at($wan, 0));
    return ($from[0] ne 'nobody' && $from[1] eq $a1, "time exceeded comes from $from[0], then from $from[1]");
};
test 'RFC4787-13' => sub {
    within('r', sub { system('ip link set dev wan0 mtu 1300') == 0 or die 'mtu' });
    my ($df, $plain) = map { my $mode = $_; within(0, sub { my $socket = bound(SOCK_DGRAM, '', fresh()); setsockopt($socket, 0, 10, pack('i', $mode)); $socket }) } 2, 0;
    my $host = raw(0, 1);
    send($df, 'x' x 1400, 0, at($a1, $base));
    my ($text, $from) = icmp_heard($host, 1, sub { ord $_[0] == 3 && unpack('x1C', $_[0]) == 4 });
    my $mtu = defined $text ? unpack('x6n', $text) : 0;
    my ($big, $server) = ('y' x 1400, server($a1, $base + 1));
    send($plain, $big, 0, at($a1, $base + 1));
    my ($whole) = heard($server, 1);
    within('r', sub { system('ip link set dev wan0 mtu 1500') });
    return ($mtu == 1300 && ($whole // '') eq $big, ($mtu ? "fragmentation needed, MTU $mtu" : 'silence') . '; without DF it is ' . (($whole // '') eq $big ? 'cut and arrives' : 'lost'));
};
`;
