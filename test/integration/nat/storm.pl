# Many sockets of one host, each to three destinations in random order; prints "LOCAL_PORT SEEN_PORT" for every answer.
# usage: storm.pl ADDRESS OTHER_ADDRESS PORT OTHER_PORT FIRST_LOCAL_PORT COUNT
use strict;
use warnings;
use Socket;

my ($address, $other_address, $port, $other_port, $local, $count) = @ARGV;
my @destinations = map { pack_sockaddr_in($_->[1], inet_aton($_->[0])) } [$address, $port], [$other_address, $port], [$other_address, $other_port];
my (%sockets, %waiting);
for my $local_port ($local .. $local + $count - 1) {
    socket(my $socket, PF_INET, SOCK_DGRAM, 17) or die "socket: $!";
    bind($socket, sockaddr_in($local_port, INADDR_ANY)) or die "bind $local_port: $!";
    $sockets{$local_port} = $socket;
    $waiting{"$local_port-$_"} = 1 for 0 .. 2;
}
# An answer that does not come within a second was dropped on purpose (a port that is taken): ask again.
for my $round (1 .. 6) {
    last unless %waiting;
    # a hash gives its keys in random order
    for my $key (keys %waiting) {
        my ($local_port, $destination) = split /-/, $key;
        send($sockets{$local_port}, "$key - 0", 0, $destinations[$destination]);
        collect(0);
    }
    my $left = 1;
    while (%waiting && $left > 0) { $left = collect($left) }
}
die "no answer for " . join(' ', sort keys %waiting) . "\n" if %waiting;

# Reads what is there; returns the seconds left of the patience given.
sub collect {
    my ($patience) = @_;
    my $read = '';
    vec($read, fileno($_), 1) = 1 for values %sockets;
    my ($number, $left) = select($read, undef, undef, $patience);
    return 0 if $number <= 0;
    for my $local_port (keys %sockets) {
        next unless vec($read, fileno($sockets{$local_port}), 1);
        recv($sockets{$local_port}, my $text, 1500, 0);
        my ($key, undef, $seen) = split ' ', $text;
        print "$local_port $seen\n" if delete $waiting{$key};
    }
    return $left;
}
