# Answers on two addresses and two ports what source it sees; answers or connects back from another address or port when asked.
# usage: reflector.pl ADDRESS OTHER_ADDRESS PORT OTHER_PORT
# request: "TOKEN CHANGE DELAY", CHANGE any of a (address), p (port), or -; DELAY in milliseconds. answer: "TOKEN ADDRESS PORT"
use strict;
use warnings;
use Socket qw(:DEFAULT inet_ntoa inet_aton SO_REUSEPORT);

# seconds; perl-base has no finer clock of its own
sub now { open(my $uptime, '<', '/proc/uptime') or die; return (split ' ', <$uptime>)[0] }

my @addresses = @ARGV[0, 1];
my @ports = @ARGV[2, 3];
my (%udp, %listen, %tcp, @later);

sub bound {
    my ($type, $protocol, $address, $port) = @_;
    socket(my $socket, PF_INET, $type, $protocol) or die "socket: $!";
    setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
    setsockopt($socket, SOL_SOCKET, SO_REUSEPORT, 1);
    bind($socket, sockaddr_in($port, inet_aton($address))) or die "bind $address:$port: $!";
    return $socket;
}

for my $a (0, 1) {
    for my $p (0, 1) {
        $udp{"$a$p"} = bound(SOCK_DGRAM, 17, $addresses[$a], $ports[$p]);
        $listen{"$a$p"} = bound(SOCK_STREAM, 6, $addresses[$a], $ports[$p]);
        listen($listen{"$a$p"}, 1024) or die "listen: $!";
    }
}

sub other {
    my ($at, $change) = @_;
    my ($a, $p) = split //, $at;
    $a = 1 - $a if $change =~ /a/;
    $p = 1 - $p if $change =~ /p/;
    return "$a$p";
}

# A stranger's connection: from the other address or from a port the client never saw, without waiting for its end.
sub connect_back {
    my ($at, $change, $peer) = @_;
    my ($a) = split //, other($at, $change);
    my $socket = bound(SOCK_STREAM, 6, $addresses[$a], 0);
    require Fcntl;
    fcntl($socket, Fcntl::F_SETFL(), Fcntl::O_NONBLOCK());
    connect($socket, $peer);
    push @later, [now() + 2, sub { close $socket }];
}

syswrite(STDOUT, "ready\n");
open(STDOUT, '>', '/dev/null');
while (1) {
    my $read = '';
    vec($read, fileno($_), 1) = 1 for values %udp, values %listen, map { $_->[0] } values %tcp;
    select(my $ready = $read, undef, undef, @later ? 0.05 : undef);
    my @due = grep { $_->[0] <= now() } @later;
    @later = grep { $_->[0] > now() } @later;
    $_->[1]->() for @due;
    for my $at (keys %udp) {
        next unless vec($ready, fileno($udp{$at}), 1);
        my $peer = recv($udp{$at}, my $text, 1500, 0) or next;
        my ($token, $change, $delay) = split ' ', $text;
        my ($port, $address) = sockaddr_in($peer);
        my $answer = join ' ', $token, inet_ntoa($address), $port;
        my $from = $udp{other($at, $change)};
        push @later, [now() + $delay / 1000, sub { send($from, $answer, 0, $peer) }];
    }
    for my $at (keys %listen) {
        next unless vec($ready, fileno($listen{$at}), 1);
        my $peer = accept(my $socket, $listen{$at}) or next;
        $tcp{fileno $socket} = [$socket, $at, $peer];
    }
    for my $key (keys %tcp) {
        my ($socket, $at, $peer) = @{$tcp{$key}};
        next unless vec($ready, fileno($socket), 1);
        if (!sysread($socket, my $text, 1500)) { delete $tcp{$key}; close $socket; next }
        else {
            my ($token, $change) = split ' ', $text;
            my ($port, $address) = sockaddr_in($peer);
            connect_back($at, $change, $peer) if $change ne '-';
            syswrite($socket, join(' ', $token, inet_ntoa($address), $port) . "\n");
        }
    }
}
