/** One host of the grid: learns its outside endpoints, tells them, and punches towards its peers, all at the same time. A Perl program. */
import { perlStun } from '../proof/perl-stun.ts';

/**
 * Arguments: host, number of hosts, seconds for UDP, seconds for TCP. Jobs on stdin, one per line: `cell protocol port peer`.
 * Prints `cell milliseconds` when the host has heard the peer's answer to its own packet.
 * UDP: a packet every 100 ms, to the announced address and, once the peer was heard, to where it was heard from.
 * TCP: listens and connects on one port (RFC 5382 §4.3), anew every few hundred milliseconds.
 */
export const puncherProgram = String.raw`${perlStun}
require Fcntl;
my ($host, $hosts, $udp_seconds, $tcp_seconds) = @ARGV;
my @server = ('45.77.0.1', 3478);
my $folder = '/run/grid/mapped';
$| = 1;
$SIG{PIPE} = 'IGNORE';
srand;

my (@jobs, %by_socket);
while (my $line = <STDIN>) {
    my ($cell, $protocol, $port, $peer) = split ' ', $line;
    push @jobs, { cell => $cell, protocol => $protocol, port => $port, peer => $peer };
}

sub unblocked { my ($socket) = @_; fcntl($socket, Fcntl::F_SETFL(), Fcntl::O_NONBLOCK()); return $socket }
sub endpoint { my ($address, $port) = split /:/, $_[0]; return sockaddr_in($port, inet_aton($address)) }
my $server = sockaddr_in($server[1], inet_aton($server[0]));

# Runs the handlers of readable and writable sockets until the time is over or nothing is left to do.
sub attend {
    my ($until, $sockets) = @_;
    my ($read, $write) = ('', '');
    my @all = $sockets->();
    for (@all) { vec($read, fileno($_->[0]), 1) = 1; vec($write, fileno($_->[0]), 1) = 1 if $_->[2] }
    my $wait = left($until);
    return if select($read, $write, undef, $wait < 0.02 ? $wait : 0.02) <= 0;
    for (@all) {
        my $number = fileno($_->[0]) // next;
        $_->[1]->() if vec($read, $number, 1);
        $_->[2]->() if $_->[2] && defined fileno($_->[0]) && vec($write, $number, 1);
    }
}

# 1. Outside endpoints.
for my $job (@jobs) {
    my $stream = $job->{protocol} eq 'tcp';
    $job->{socket} = unblocked(bound($stream ? SOCK_STREAM : SOCK_DGRAM, '', $job->{port}));
    connect($job->{socket}, $server) if $stream;
}
my $patience = now() + 10;
# UDP counts as blocked after six requests without answer, counted from when all of TCP was answered: a busy server is known to have had its time then.
my @streams = grep { $_->{protocol} eq 'tcp' } @jobs;
sub given_up { my ($job) = @_; my $waiting = grep { !defined $_->{mapped} } @streams; return !$waiting && ++$job->{tries} > (@streams ? 6 : 16) }
while (my @open = grep { !defined $_->{mapped} && !$_->{mute} } @jobs) {
    last if now() > $patience;
    for my $job (@open) {
        next if ($job->{asked} // 0) > now() - 0.25;
        if ($job->{protocol} eq 'udp') {
            $job->{mute} = 1 if given_up($job);
            send($job->{socket}, request(transaction(), 0), 0, $server);
            $job->{asked} = now();
        } elsif (!$job->{asked} && defined getpeername($job->{socket})) {
            syswrite($job->{socket}, request(transaction(), 0));
            $job->{asked} = now() + 60;
        }
    }
    attend(now() + 0.02, sub { map { my $job = $_; [$job->{socket}, sub {
        my $text = '';
        ($job->{protocol} eq 'udp' ? defined recv($job->{socket}, $text, 1500, 0) : sysread($job->{socket}, $text, 1500)) or return;
        $job->{mapped} = (mapped($text) // '') =~ s/ /:/r || undef;
    }] } grep { $_->{protocol} eq 'udp' || $_->{asked} } @open });
}

# 2. Told to everybody, and heard from everybody.
open(my $out, '>', "$folder/.$host") or die "$folder/.$host: $!";
print $out map { "$_->{cell} $_->{mapped}\n" } grep { defined $_->{mapped} } @jobs;
close $out;
rename "$folder/.$host", "$folder/$host" or die "rename: $!";
while (1) { my @told = glob("$folder/*"); last if @told >= $hosts; pause(0.01) }
my %announced;
for my $peer (keys %{{ map { $_->{peer} => 1 } @jobs }}) {
    open(my $in, '<', "$folder/$peer") or die "$folder/$peer: $!";
    while (<$in>) { my ($cell, $endpoint) = split; $announced{"$peer $cell"} = $endpoint }
}
my $began = now();

sub done {
    my ($job) = @_;
    return if $job->{done}++;
    printf "%s %d\n", $job->{cell}, 1000 * (now() - $began);
}

# 3. The punch.
for my $job (@jobs) {
    $job->{target} = $announced{"$job->{peer} $job->{cell}"};
    $job->{until} = $began + ($job->{protocol} eq 'udp' ? $udp_seconds : $tcp_seconds);
    $job->{next} = $began;
    next unless $job->{protocol} eq 'tcp' && defined $job->{target};
    $job->{listener} = unblocked(bound(SOCK_STREAM, '', $job->{port}));
    listen($job->{listener}, 8) or die "listen: $!";
}

sub punch_udp {
    my ($job) = @_;
    send($job->{socket}, "ping $job->{cell}", 0, ref $job->{target} ? $job->{target}[0] : endpoint($job->{target}));
    $job->{next} = now() + 0.1;
}

sub hear_udp {
    my ($job) = @_;
    my $from = recv($job->{socket}, my $text, 1500, 0) or return;
    return unless $text =~ /^(ping|pong) (\S+)$/ && $2 eq $job->{cell};
    send($job->{socket}, "pong $job->{cell}", 0, $from) if $1 eq 'ping';
    done($job) if $1 eq 'pong';
    $job->{target} = [$from];
}

sub talk {
    my ($job, $socket) = @_;
    syswrite($socket, "ping $job->{cell}\n");
    push @{$job->{talks}}, { socket => $socket, text => '' };
}

sub hear_tcp {
    my ($job, $talk) = @_;
    my $count = sysread($talk->{socket}, $talk->{text}, 1500, length $talk->{text});
    if (!$count) { $talk->{over} = 1 unless !defined $count && $!{EAGAIN}; return }
    while ($talk->{text} =~ s/^(ping|pong) (\S+)\n//) {
        next unless $2 eq $job->{cell};
        syswrite($talk->{socket}, "pong $job->{cell}\n") if $1 eq 'ping';
        done($job) if $1 eq 'pong';
    }
}

sub punch_tcp {
    my ($job) = @_;
    return settle_tcp($job) if $job->{attempt} && defined getpeername($job->{attempt});
    close $job->{attempt} if $job->{attempt};
    $job->{attempt} = unblocked(bound(SOCK_STREAM, '', $job->{port}));
    $job->{next} = now() + 0.25 + rand 0.2;
    settle_tcp($job) if connect($job->{attempt}, endpoint($job->{target}));
}

# Connections that the peer has not given up: one that it closed as it began anew is no reason not to.
sub alive { return grep { !$_->{over} } @{$_[0]{talks} // []} }

# The attempt has ended, one way or the other.
sub settle_tcp {
    my ($job) = @_;
    my $socket = delete $job->{attempt} or return;
    if (defined getpeername($socket)) { talk($job, $socket) } else { close $socket }
}

while (my @open = grep { defined $_->{target} && now() < $_->{until} } @jobs) {
    # Who is done goes on a little for its peer's sake.
    for my $job (@open) {
        $job->{until} = now() + 0.5 if $job->{done} && !$job->{leaving}++ && $job->{until} > now() + 0.5;
        next if now() < $job->{next};
        if ($job->{protocol} eq 'udp') { punch_udp($job) } elsif (!$job->{done} && !alive($job)) { punch_tcp($job) }
    }
    attend(now() + 0.02, sub { map {
        my $job = $_;
        $job->{protocol} eq 'udp' ? [$job->{socket}, sub { hear_udp($job) }] : (
            [$job->{listener}, sub { my $socket; accept($socket, $job->{listener}) and talk($job, unblocked($socket)) }],
            ($job->{attempt} ? [$job->{attempt}, sub {}, sub { settle_tcp($job) }] : ()),
            map { my $talk = $_; [$talk->{socket}, sub { hear_tcp($job, $talk) }] } alive($job),
        )
    } @open });
}
`;
