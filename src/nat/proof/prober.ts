/** Measures a NAT from inside its LAN (RFC 5780) over UDP and TCP, as a Perl program for any node. */
import { perlStun } from './perl-stun.ts';
import { mappingWords } from './prober-mapping.ts';
import { tcpMeasurements } from './prober-tcp.ts';
import { udpMeasurements } from './prober-udp.ts';

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

${mappingWords}

${udpMeasurements}

${tcpMeasurements}

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
