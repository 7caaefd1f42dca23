/** What is measured over TCP: Perl for the prober. */

/** Mapping, and filtering by a connection that the server opens from where nobody asked (`tcp_hears`). */
export const tcpMeasurements = String.raw`# A connection from a local port, and the endpoint the server says it saw.
sub connected {
    my ($local, $address, $port, $change) = @_;
    my $socket = bound(SOCK_STREAM, any($a1), $local);
    local $SIG{ALRM} = sub { die "timeout\n" };
    my $done = eval { alarm 4; my $ok = connect($socket, packed($port, $address)); alarm 0; $ok };
    alarm 0;
    return unless $done;
    syswrite($socket, request(transaction(), $change));
    return unless readable($socket, 3) && sysread($socket, my $text, 1500);
    return ($socket, mapped($text));
}

sub tcp_mapping {
    my (@open, @seen);
    my $holder = bound(SOCK_STREAM, any($a1), 0);
    my $local = port_of($holder);
    for ([$a1, $p1], [$a2, $p1], [$a2, $p2]) {
        my ($socket, $mapped) = connected($local, @$_, 0);
        return 'TCP mapping=not measured' unless defined $mapped;
        push @open, $socket;
        push @seen, $mapped;
    }
    my @more;
    if (($declared{'TCP ports'} // '') eq 'counted up') { for (1, 2) { my ($socket, $mapped) = connected(0, $a1, $p1, 0); push @open, $socket; push @more, $mapped if defined $mapped } }
    my @pooling = pooling('TCP', $seen[0], sub { return (connected(0, $a1, $p1, 0))[1] });
    return (describe_mapping('TCP', $local, \@more, @seen), @pooling);
}

sub tcp_hears {
    my ($change) = @_;
    my $listener = bound(SOCK_STREAM, any($a1), 0);
    listen($listener, 5) or die "listen: $!";
    my ($socket) = connected(port_of($listener), $a1, $p1, $change);
    return undef unless $socket;
    return readable($listener, $grace) ? 1 : 0;
}`;
