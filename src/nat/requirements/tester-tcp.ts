/** Tests of RFC 5382, in the order of its requirements. */

/** Perl that follows `testerBase`. */
export const tcpTests = String.raw`
group 'tcp';
sub ask_three_tcp {
    my ($host, $port) = @_;
    my (@seen, @open);
    for ([$a1, $base + 2], [$a2, $base + 2], [$a2, $base + 3]) {
        my ($socket, $other, $seen) = linked($host, $port, @$_);
        push @seen, $other ? $seen : 'nothing';
        push @open, $socket, $other;
    }
    return (\@open, @seen);
}
test 'RFC5382-1' => sub {
    my (undef, @seen) = ask_three_tcp(0, fresh());
    return (mapping_of(@seen) eq 'endpoint-independent', 'mapping is ' . mapping_of(@seen));
};
test 'RFC5382-2' => sub {
    my ($socket, $other, $seen) = linked(0, fresh(), $a1, $base + 2);
    return (0, "no connection: $seen") unless $other;
    syswrite($socket, 'there'); readable($other, 1) && sysread($other, my $there, 99);
    shutdown($socket, 1);
    readable($other, 1); my $end = sysread($other, my $rest, 99);
    syswrite($other, 'back'); readable($socket, 1) && sysread($socket, my $back, 99);
    my $ok = ($there // '') eq 'there' && defined $end && $end == 0 && ($back // '') eq 'back';
    return ($ok, $ok ? 'opened, half closed, answered' : 'a half-closed connection does not carry answers');
};
# A host's SYN to a port of the server whose rules keep its kernel from answering: the host's socket, and where the SYN is seen from.
sub unanswered {
    my ($port, $to) = @_;
    socket(my $wire, 17, SOCK_DGRAM, 8) or die "packet socket: $!";    # PF_PACKET, every IPv4 packet
    my $socket = within(0, sub { unblocked(bound(SOCK_STREAM, '', $port)) });
    my $until = now() + 2;
    connect($socket, at($a1, $to));
    while (readable($wire, left($until))) {
        recv($wire, my $packet, 65535, 0) // next;
        my ($protocol, $from, $target) = (ord substr($packet, 9, 1), inet_ntoa(substr($packet, 12, 4)), inet_ntoa(substr($packet, 16, 4)));
        my ($from_port, $to_port) = unpack('nn', substr($packet, 20, 4));
        return ($socket, "$from:$from_port") if $protocol == 6 && $target eq $a1 && $to_port == $to && $from eq $wan;
    }
    return $socket;
}
# The server's own SYN meets the host's.
test 'RFC5382-2a' => sub {
    my ($socket, $seen) = unanswered(fresh(), $base + 10);
    return (0, 'no SYN came out') unless defined $seen;
    my $other = unblocked(bound(SOCK_STREAM, $a1, $base + 10));
    connect($other, at(split_endpoint($seen)));
    my $ok = writable($other, 3) && writable($socket, 3) && defined getpeername($other) && defined getpeername($socket);
    return ($ok, $ok ? 'two SYNs that cross become one connection' : 'two SYNs that cross become nothing');
};
# The same a moment later: the host has given up its own attempt, and what it answers from is another socket.
test 'RFC5382-2-late' => sub {
    my $port = fresh();
    my ($socket, $seen) = unanswered($port, $base + 14);
    return (0, 'no SYN came out') unless defined $seen;
    close $socket;
    my $listener = hark(0, '', $port);
    my $other = unblocked(bound(SOCK_STREAM, $a1, $base + 14));
    connect($other, at(split_endpoint($seen)));
    my $ok = readable($listener, 2) && accept(my $taken, $listener);
    return (yes($ok), $ok ? 'a SYN that comes after the host gave up is answered' : 'the answer to a SYN that comes after the host gave up is lost');
};
test 'RFC5382-3' => sub {
    my $port = fresh();
    my (undef, $other, $seen) = linked(0, $port, $a1, $base + 2);
    return (0, "no connection: $seen") unless $other;
    my $listener = hark(0, '', $port);
    my $passes = sub {
        my ($address) = @_;
        my $socket = unblocked(bound(SOCK_STREAM, $address, 0));
        connect($socket, at(split_endpoint($seen)));
        return readable($listener, 0.5) && accept(my $taken, $listener);
    };
    my $filter = $passes->($a2) ? 'endpoint-independent' : $passes->($a1) ? 'address-dependent' : 'address-and-port-dependent';
    return ($filter ne 'address-and-port-dependent', "filtering is $filter");
};
test 'RFC5382-4' => sub {
    my $socket = unblocked(bound(SOCK_STREAM, $a2, 0));
    my $began = now();
    connect($socket, at($wan, 7777));
    return (1, 'silence for 6.2 s') unless writable($socket, 6.2);
    my $error = unpack('i', getsockopt($socket, SOL_SOCKET, 4));
    return (0, sprintf('after %.1f s: %s', now() - $began, $error ? do { local $! = $error; "$!" } : 'accepted'));
};
test 'RFC5382-5' => sub {
    my $port = fresh();
    my ($socket, $other, $seen) = linked(0, $port, $a1, $base + 2);
    return (0, "no connection: $seen") unless $other;
    syswrite($socket, 'x'); readable($other, 1) && sysread($other, my $text, 9);
    pause(0.1);
    my ($seconds, $of) = seconds_left('tcp', inside(0, $port));
    return ($seconds > 7430, sprintf('%.0f s left on the %s of an open connection', $seconds, $of));
};
test 'RFC5382-5-transitory' => sub {
    my $port = fresh();
    my $socket = within(0, sub { unblocked(bound(SOCK_STREAM, '', $port)) });
    connect($socket, at($a1, $base + 11));    # dropped there
    pause(0.2);
    my ($seconds, $of) = seconds_left('tcp', inside(0, $port));
    return ($seconds > 237, sprintf('%.0f s left on the %s of one that opens', $seconds, $of));
};
test 'RFC5382-6' => sub {
    my $listener = hark('net', $a1, $base + 12);
    my ($socket) = dial(0, fresh(), at($a1, $base + 12));
    return (0, 'no connection') unless $socket && readable($listener, 1) && accept(my $other, $listener);
    my $text = "INVITE sip:a SIP/2.0\r\nVia: SIP/2.0/TCP $hosts[0]:5060\r\nContact: <sip:me\@$hosts[0]>\r\n\r\n";
    syswrite($socket, $text);
    readable($other, 1) && sysread($other, my $seen, 9999);
    return (($seen // '') eq $text, ($seen // '') eq $text ? 'a SIP message arrives as it was sent' : 'a SIP message is changed');
};
test 'RFC5382-7' => sub {
    my ($shared, $ports) = (0, 4);
    for (1 .. $ports) {
        my $port = fresh();
        my ($socket, $other, $one) = linked(0, $port, $a1, $base + 2);
        my ($second, $third, $two) = linked(1, $port, $a2, $base + 2);
        $shared++ if $one eq $two;
    }
    return ($shared == 0, "two hosts with equal ports share $shared of $ports outside ports");
};
test 'RFC5382-8' => sub {
    my ($port, $from_port) = (fresh(), fresh());
    my (undef, $other, $seen) = linked(0, $port, $a1, $base + 2);
    my (undef, $more, $expected) = linked(1, $from_port, $a1, $base + 2);
    return (0, "no connection: $seen") unless $other && $more;
    my $listener = hark(0, '', $port);
    my ($socket, $why) = dial(1, $from_port, at(split_endpoint($seen)), 1);
    return (0, "no connection: $why") unless $socket && readable($listener, 1);
    my $peer = accept(my $taken, $listener) or return (0, "accept: $!");
    return ((split_endpoint(endpoint($peer)))[0] eq (split_endpoint($expected))[0], 'arrives from ' . endpoint($peer));
};
test 'RFC5382-9' => sub {
    my ($socket, $why) = dial(0, fresh(), at($a1, $base + 13), 2);    # refused there with ICMP
    return (yes(!$socket && scalar($why =~ /refused/i)), "of a port refused by ICMP the host hears: $why");
};
test 'RFC5382-10' => sub {
    my ($socket, $other, $seen) = linked(0, fresh(), $a1, $base + 2);
    return (0, "no connection: $seen") unless $other;
    send_icmp($a1, (split_endpoint($seen))[0], icmp_error(3, 1, 6, $seen, "$a1:" . ($base + 2)));
    pause(0.1);
    syswrite($other, 'still there');
    readable($socket, 1) && sysread($socket, my $text, 99);
    my $ok = ($text // "") eq "still there";
    return ($ok, $ok ? 'the connection goes on after an ICMP error' : 'an ICMP error ends the connection');
};
`;
