# Measures a UDP flow: one-way delay by the clock both ends share, loss by numbers, rate by bytes and time.
#   flow.pl receive PORT COUNT SECONDS   prints "listening", then "count first..last bytes p50 p99 reordered doubled seconds"
#   flow.pl send HOST PORT COUNT MICROSECONDS SIZE
use strict;
use warnings;
use Socket;

# clock_gettime(CLOCK_MONOTONIC) by its number: perl-base has no finer clock of its own
my $call = `uname -m` =~ /x86_64/ ? 228 : 113;

sub now {
    my $time = "\0" x 16;
    syscall($call, 1, $time) == 0 or die "clock: $!";
    my ($seconds, $nanoseconds) = unpack('qq', $time);
    return $seconds + $nanoseconds / 1e9;
}

my $mode = shift;
socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
if ($mode eq 'receive') {
    my ($port, $count, $seconds) = @ARGV;
    setsockopt($socket, SOL_SOCKET, 33, pack('i', 64 << 20));    # SO_RCVBUFFORCE
    bind($socket, sockaddr_in($port, INADDR_ANY)) or die "bind: $!";
    $| = 1;
    print "listening\n";
    my (@delays, %seen, $first, $last);
    my ($received, $bytes, $reordered, $doubled, $highest) = (0, 0, 0, 0, -1);
    my $end = now() + $seconds;
    while ($received < $count) {
        my $left = $end - now();
        last if $left <= 0;
        my $ready = '';
        vec($ready, fileno($socket), 1) = 1;
        next unless select($ready, undef, undef, $left);
        recv($socket, my $data, 2048, 0);
        my $at = now();
        my ($number, $sent) = unpack('Nd', $data);
        if ($number == 0xffffffff) { last if $received > 0; next }
        $first //= $at;
        $last = $at;
        $received++;
        $bytes += length($data) + 42;
        push @delays, ($at - $sent) * 1000 if @delays < 200000;
        if ($seen{$number}++) { $doubled++ }
        elsif ($number < $highest) { $reordered++ }
        else { $highest = $number }
    }
    my @sorted = sort { $a <=> $b } @delays;
    my $share = sub { @sorted ? $sorted[int($_[0] * $#sorted)] : 0 };
    printf "%d %d %.3f %.3f %d %d %.6f\n", $received, $bytes, $share->(0.5), $share->(0.99), $reordered, $doubled, ($last // 0) - ($first // 0);
} else {
    my ($host, $port, $count, $pause, $size) = @ARGV;
    my $to = sockaddr_in($port, inet_aton($host));
    my $padding = "\0" x ($size - 12);
    my $next = now();
    for my $number (0 .. $count - 1) {
        if ($pause > 0) {
            my $left = ($next += $pause / 1e6) - now();
            select(undef, undef, undef, $left) if $left > 0;
        }
        send($socket, pack('Nd', $number, now()) . $padding, 0, $to);
    }
    # the end, said often: it may be lost as well
    for (1 .. 20) { select(undef, undef, undef, 0.05); send($socket, pack('Nd', 0xffffffff, now()) . $padding, 0, $to) }
}
