/** Measures a NAT from inside its LAN (RFC 5780) over UDP and TCP, as a Perl program for any node. */
import { perlStun } from './perl-stun.ts';

/**
 * Arguments as the responder's. The environment's EDGELAB_DECLARED has one `what=value` per line: what is to be found.
 * Prints one line per difference and exits with 1, or one line and 0; with EDGELAB_JSON=1 one JSON document.
 * Silence is told from slowness: a request that must be answered is sent after the one that may not be, so waiting ends
 * a moment after its answer. What differs from the declaration is measured again, each time more patiently.
 */
export const proberProgram = String.raw`${perlStun}
my ($a1, $a2, $p1, $p2) = @ARGV;
my %declared = map { split /=/, $_, 2 } grep { /=/ } split /\n/, $ENV{EDGELAB_DECLARED} // '';
my $blocked = ($declared{UDP} // '') eq 'blocked';
my $grace = 0.15;

sub send_request {
    my ($socket, $address, $port, $change, $to) = @_;
    my $transaction = transaction();
    send($socket, request($transaction, $change, $to), 0, packed($port, $address));
    return $transaction;
}

# The endpoint a UDP request was seen from, or undef when no answer came. A lost packet is sent again.
sub ask {
    my ($socket, $address, $port) = @_;
    my %sent;
    for (1 .. ($blocked ? 3 : 12)) {
        $sent{send_request($socket, $address, $port, 0)} = 1;
        my $deadline = now() + 0.2;
        while (readable($socket, left($deadline))) {
            recv($socket, my $text, 1500, 0) // next;
            return mapped($text) if length $text >= 20 && $sent{transaction_of($text)};
        }
    }
    return undef;
}

sub classify_mapping {
    my ($first, $second, $third) = @_;
    return 'endpoint-independent' if $first eq $second && $second eq $third;
    return $second eq $third ? 'address-dependent' : 'address-and-port-dependent';
}

# The outside ports in the words of the declaration, if they fit them.
sub classify_ports {
    my ($protocol, $local, @seen) = @_;
    my @ports = map { (split / /)[1] } @seen;
    my $wanted = $declared{"$protocol ports"} // '';
    return 'preserved' if $ports[0] == $local;
    return $wanted if $wanted =~ /^(\d+)-(\d+)$/ && !grep { $_ < $1 || $_ > $2 } @ports;
    if ($wanted eq 'counted up') {
        my $rising = grep { my $step = $ports[$_] - $ports[$_ - 1]; $step > 0 && $step < 65 } 1 .. $#ports;
        return $wanted if $rising >= $#ports - 1;
    }
    return 'random' if $wanted eq 'random';
    return 'changed from ' . $local . ' to ' . join(', ', @ports);
}

# An outside address as the declaration has it: one, or any of several.
sub outside { my ($protocol, $address) = @_; my $wanted = $declared{"$protocol outside address"} // ''; return (grep { $_ eq $address } split / or /, $wanted) ? $wanted : $address }

# Whether mappings of this host differ in their address: enough of them to meet another of an arbitrary pool, if there is one.
sub pooling {
    my ($protocol, $first, $another) = @_;
    return () unless defined $declared{"$protocol pooling"};
    my ($address) = split / /, $first;
    for (1 .. 16) { my $seen = $another->() // next; return "$protocol pooling=arbitrary" if (split / /, $seen)[0] ne $address }
    return "$protocol pooling=paired";
}

sub describe_mapping {
    my ($protocol, $local, $more, @seen) = @_;
    my ($address) = split / /, $seen[0];
    my @distinct = grep { $_ ne $seen[0] } @seen;
    return ("$protocol outside address=" . outside($protocol, $address), "$protocol mapping=" . classify_mapping(@seen),
        "$protocol ports=" . classify_ports($protocol, $local, @distinct ? @seen : ($seen[0], @$more)));
}

sub udp_mapping {
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
}

# A connection from a local port, and the endpoint the server says it saw.
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
}

# Each measurement in a process of its own, so that they wait for silence at the same time.
sub start {
    my ($measure) = @_;
    my $pid = open(my $results, '-|') // die "fork: $!";
    return $results if $pid;
    srand;
    print map { "$_\n" } grep { defined } $measure->();
    close STDOUT;
    exit 0;
}

sub filtering {
    my ($protocol, $stranger, $neighbour) = @_;
    return 'not measured' if grep { !defined } $stranger, $neighbour;
    return $stranger ? 'endpoint-independent' : $neighbour ? 'address-dependent' : 'address-and-port-dependent';
}

sub measure {
    my @jobs = (start(\&udp_mapping), start(\&udp_hairpin), start(\&udp_unsolicited), start(\&tcp_mapping));
    my %ears = (UDP => [map { my $c = $_; start(sub { udp_hears($c) }) } 6, 2], TCP => [map { my $c = $_; start(sub { tcp_hears($c) }) } 6, 2]);
    my %measured;
    for my $job (@jobs) { while (my $line = <$job>) { chomp $line; my ($what, $value) = split /=/, $line, 2; $measured{$what} = $value } }
    for my $protocol (keys %ears) {
        my @heard = map { my $line = readline $_; defined $line ? 0 + $line : undef } @{$ears{$protocol}};
        $measured{"$protocol filtering"} = filtering($protocol, @heard);
    }
    return %measured;
}

sub differences { my ($measured) = @_; return grep { ($measured->{$_} // 'nothing') ne $declared{$_} } sort keys %declared }
sub list { my ($values) = @_; return '{' . join(',', map { "\"$_\":\"" . ($values->{$_} // 'nothing') . '"' } sort keys %declared) . '}' }

my (%measured, @differences);
my $began = now();
for my $try (1 .. 4) {
    %measured = measure();
    @differences = differences(\%measured);
    last unless @differences;
    $grace *= 2;
}
if ($ENV{EDGELAB_JSON}) {
    printf "{\"declared\":%s,\"measured\":%s,\"proved\":%s,\"seconds\":%.2f}\n", list(\%declared), list(\%measured), @differences ? 'false' : 'true', now() - $began;
} elsif (@differences) {
    print join('; ', map { "$_: declared $declared{$_}, measured " . ($measured{$_} // 'nothing') } @differences), "\n";
    exit 1;
} else {
    print "as declared\n";
}
`;
