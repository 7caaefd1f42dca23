/** Measures one router against the requirements of RFC 4787, RFC 5382 and RFC 5508. A Perl program for the requirements' world. */
import { icmpTests } from './tester-icmp.ts';
import { tcpTests } from './tester-tcp.ts';
import { testerBase } from './tester-base.ts';
import { udpTests } from './tester-udp.ts';

/**
 * Arguments: which RFC's tests (udp, tcp, icmp), number of the kind, its router's outside address, addresses of both hosts. Tests that
 * `<number>.left-out` names are left out. Prints one line per test: its name, `holds` or `fails` (`broken` where the test itself could not
 * be made), and what was seen, parted by tabs. What takes six seconds of silence runs beside the others.
 */
export const testerProgram = String.raw`${testerBase}
${udpTests}
${tcpTests}
${icmpTests}
sub run_one {
    my ($name, $work) = @_;
    my ($holds, $seen) = eval { $work->() };
    my ($failed) = $@ =~ /([^\n]*)/;
    return join("\t", $name, $failed ? ('broken', $failed) : ($holds ? 'holds' : 'fails', $seen)) . "\n";
}
$| = 1;
open(my $list, '<', "$kind.left-out") or die "what is left out: $!";
my %out = map { chomp; ($_ => 1) } readline $list;
@tests = grep { !$out{$_->[0]} } @tests;
my @slow = grep { $_->[0] eq 'RFC5382-4' } @tests;
my $pid = open(my $aside, '-|') // die "fork: $!";
if (!$pid) { print run_one(@$_) for @slow; close STDOUT; exit 0 }
for my $one (@tests) { print run_one(@$one) unless grep { $_ == $one } @slow }
print readline $aside;
`;
