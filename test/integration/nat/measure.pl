# Measures a NAT from inside its LAN as RFC 5780 does (mapping, filtering, hairpinning), over UDP and TCP, and prints one JSON line.
# usage: measure.pl ADDRESS OTHER_ADDRESS PORT OTHER_PORT FIRST_LOCAL_PORT
use strict;
use warnings;
use Socket qw(:DEFAULT inet_ntoa inet_aton SO_REUSEPORT);

# seconds; perl-base has no finer clock of its own
sub now { open(my $uptime, '<', '/proc/uptime') or die; return (split ' ', <$uptime>)[0] }

my ($address, $other_address, $port, $other_port, $local) = @ARGV;
my $patience = 0.6;
my $serial = 0;

sub opened {
    my ($type, $local_port) = @_;
    socket(my $socket, PF_INET, $type, $type == SOCK_DGRAM ? 17 : 6) or die "socket: $!";
    setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
    setsockopt($socket, SOL_SOCKET, SO_REUSEPORT, 1);
    bind($socket, sockaddr_in($local_port, INADDR_ANY)) or die "bind $local_port: $!";
    return $socket;
}

sub readable {
    my ($socket, $seconds) = @_;
    my $read = '';
    vec($read, fileno($socket), 1) = 1;
    return scalar select($read, undef, undef, $seconds);
}

sub left { my $seconds = $_[0] - now(); return $seconds > 0 ? $seconds : 0 }

sub send_request {
    my ($socket, $to_address, $to_port, $change) = @_;
    my $token = "t$$-" . $serial++;
    send($socket, "$token $change 0", 0, sockaddr_in($to_port, inet_aton($to_address)));
    return $token;
}

# The endpoint a UDP request was seen from, or undef when no answer came. A lost packet is sent once more.
sub ask {
    my ($socket, $to_address, $to_port) = @_;
    for (1 .. 3) {
        my $token = send_request($socket, $to_address, $to_port, '-');
        while (readable($socket, $patience)) {
            recv($socket, my $text, 1500, 0);
            return "$1:$2" if $text =~ /^\Q$token\E (\S+) (\d+)/;
        }
    }
    return undef;
}

sub classify_mapping {
    my ($first, $second, $third) = @_;
    return 'failed' if grep { !defined } $first, $second, $third;
    return 'endpoint-independent' if $first eq $second && $second eq $third;
    return 'address-dependent' if $second eq $third;
    return 'address-and-port-dependent';
}

sub classify_filtering {
    my ($from_stranger, $from_other_port) = @_;
    return $from_stranger ? 'endpoint-independent' : $from_other_port ? 'address-dependent' : 'address-and-port-dependent';
}

sub measure_udp {
    my $one = opened(SOCK_DGRAM, $local);
    my @seen = (ask($one, $address, $port), ask($one, $other_address, $port), ask($one, $other_address, $other_port));
    # fresh sockets: the first has opened the filter to the other address
    my ($strange, $near) = (opened(SOCK_DGRAM, $local + 1), opened(SOCK_DGRAM, $local + 2));
    send_request($strange, $address, $port, 'ap');
    send_request($near, $address, $port, 'p');
    my $deadline = now() + $patience;
    my $from_stranger = readable($strange, $patience);
    my $from_other_port = readable($near, left($deadline));
    return (\@seen, classify_mapping(@seen), classify_filtering($from_stranger, $from_other_port));
}

sub measure_hairpin {
    my ($inside, $third) = (opened(SOCK_DGRAM, $local + 3), opened(SOCK_DGRAM, $local + 4));
    my $mapped = ask($inside, $address, $port) or return 'failed';
    my ($outside_address, $outside_port) = split /:/, $mapped;
    send($third, 'through the outside', 0, sockaddr_in($outside_port, inet_aton($outside_address)));
    return 'no' unless readable($inside, $patience);
    my $from = recv($inside, my $text, 1500, 0);
    my (undef, $source) = sockaddr_in($from);
    return inet_ntoa($source) eq $outside_address ? 'outside address' : 'inside address';
}

sub connected {
    my ($local_port, $to_address, $to_port, $change) = @_;
    my $socket = opened(SOCK_STREAM, $local_port);
    local $SIG{ALRM} = sub { die "timeout\n" };
    my $ok = eval { alarm 3; my $done = connect($socket, sockaddr_in($to_port, inet_aton($to_address))); alarm 0; $done };
    return (undef, undef) unless $ok;
    syswrite($socket, "t $change 0");
    return ($socket, undef) unless readable($socket, 2);
    sysread($socket, my $text, 1500);
    return ($socket, $text =~ /^t (\S+) (\d+)/ ? "$1:$2" : undef);
}

sub measure_tcp {
    my @open = map { [connected($local + 5, @$_, '-')] } [$address, $port], [$other_address, $port], [$other_address, $other_port];
    my @seen = map { $_->[1] } @open;
    my @accepted;
    my @listeners = map { my $s = opened(SOCK_STREAM, $local + 6 + $_); listen($s, 5); $s } 0, 1;
    my ($a) = connected($local + 6, $address, $port, 'ap');
    my ($b) = connected($local + 7, $address, $port, 'p');
    my $deadline = now() + $patience;
    for my $listener (@listeners) { push @accepted, readable($listener, left($deadline)) }
    return (\@seen, classify_mapping(@seen), classify_filtering(@accepted));
}

sub text { my ($value) = @_; return defined $value ? "\"$value\"" : 'null' }
sub list { return '[' . join(',', map { text($_) } @{$_[0]}) . ']' }

# Each measurement in a process of its own, so that they wait for silence at the same time.
sub start {
    my ($measure) = @_;
    my $pid = open(my $results, '-|') // die "fork: $!";
    return $results if $pid;
    print $measure->();
    exit 0;
}

sub behaviour {
    my ($local_port, $seen, $mapping, $filtering) = @_;
    return sprintf '{"localPort":%d,"seen":%s,"mapping":%s,"filtering":%s}', $local_port, list($seen), text($mapping), text($filtering);
}

my $udp = start(sub { behaviour($local, measure_udp()) });
my $tcp = start(sub { behaviour($local + 5, measure_tcp()) });
my $hairpin = start(sub { text(measure_hairpin()) });
printf "{\"udp\":%s,\"tcp\":%s,\"hairpin\":%s}\n", map { scalar readline $_ } $udp, $tcp, $hairpin;
