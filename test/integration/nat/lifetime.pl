# Asks for UDP answers after given delays, each on a fresh socket, and prints the delays (milliseconds) whose answer still came through.
# usage: lifetime.pl ADDRESS PORT FIRST_LOCAL_PORT DELAY...
use strict;
use warnings;
use Socket;

my ($address, $port, $local, @delays) = @ARGV;
my %sockets;
for my $delay (@delays) {
    socket(my $socket, PF_INET, SOCK_DGRAM, 17) or die "socket: $!";
    bind($socket, sockaddr_in($local++, INADDR_ANY)) or die "bind: $!";
    send($socket, "t$delay - $delay", 0, sockaddr_in($port, inet_aton($address)));
    $sockets{$delay} = $socket;
}
my ($longest) = sort { $b <=> $a } @delays;
select(undef, undef, undef, $longest / 1000 + 0.5);
my @arrived = grep {
    my $read = '';
    vec($read, fileno($sockets{$_}), 1) = 1;
    scalar select($read, undef, undef, 0);
} @delays;
print "@arrived\n";
