/**
 * The measurement itself, in Perl, which every image of ours has: a server in the target's network namespace, and a client
 * that sends 64 bytes back and forth, then as much as goes through in either direction.
 */
import { perlClock } from '../lib/perl-clock.ts';

export const meterProgram = String.raw`
use strict; use Socket;
${perlClock}
sub nodelay { setsockopt($_[0], 6, 1, 1) }
sub readable { my $v = ''; vec($v, fileno($_[0]), 1) = 1; return select($v, undef, undef, $_[1]) > 0 }
sub read_all { my ($c, $n) = @_; my $b = ''; while (length $b < $n) { sysread($c, $b, $n - length $b, length $b) or return; } return $b }
$SIG{PIPE} = 'IGNORE';

# e: what comes goes back. s SECONDS: counts what comes in that time, then says bytes and seconds. z: sends until nobody reads.
sub serve_one {
  my $c = shift; nodelay($c);
  sysread($c, my $wish, 1) or return;
  if ($wish eq 'e') { while (sysread($c, my $b, 65536)) { syswrite($c, $b) } return }
  if ($wish eq 'z') { my $b = "\0" x 131072; while (defined syswrite($c, $b)) {} return }
  my $limit = ord read_all($c, 1); my ($bytes, $start) = (0, now());
  while (now() - $start < $limit) { next unless readable($c, 0.1); $bytes += sysread($c, my $b, 262144) || last }
  syswrite($c, pack 'Qd', $bytes, now() - $start);
  while (sysread($c, my $b, 262144)) {}
}

sub serve {
  my $port = shift;
  socket(my $l, PF_INET, SOCK_STREAM, 0) or die "socket: $!\n"; setsockopt($l, SOL_SOCKET, SO_REUSEADDR, 1);
  bind($l, sockaddr_in($port, INADDR_ANY)) or die "bind: $!\n"; listen($l, 64);
  my $child = fork; die "fork: $!\n" unless defined $child;
  if ($child) { print "$child\n"; exit 0 }
  open STDIN, '<', '/dev/null'; open STDOUT, '>', '/dev/null'; open STDERR, '>', '/dev/null';
  $SIG{CHLD} = 'IGNORE'; alarm 600;
  while (1) {
    accept(my $c, $l) or next;
    my $p = fork; if ($p) { close $c; next }
    close $l; serve_one($c); exit 0;
  }
}

sub dial {
  my ($host, $port, $wish) = @_;
  socket(my $c, PF_INET, SOCK_STREAM, 0) or die "socket: $!\n";
  connect($c, sockaddr_in($port, inet_aton($host))) or die "connect: $!\n";
  nodelay($c); syswrite($c, $wish);
  return $c;
}

# A tunnel's agent accepts before it has a way: only an answer counts.
sub await_answer {
  my ($host, $port, $wait) = @_; my ($until, $said) = (now() + $wait, 'no answer');
  while (1) {
    my $c = eval { local $SIG{ALRM} = sub { die "no answer\n" }; alarm 6; my $d = dial($host, $port, 'e' . 'x' x 64);
      die "closed\n" unless defined read_all($d, 64); alarm 0; $d };
    $said = $@ unless $c; alarm 0;
    return $c if $c;
    if (now() > $until) { print STDERR $said; exit 3 }
    select undef, undef, undef, 0.3;
  }
}

sub ask {
  my ($host, $port, $seconds, $wait) = @_;
  my $c = await_answer($host, $port, $wait);
  my ($end, @times) = (now() + $seconds);
  for my $turn (-20 .. 1999) {
    my $start = now(); syswrite($c, 'x' x 64); defined read_all($c, 64) or die "closed while it was measured\n";
    push @times, now() - $start if $turn >= 0;
    last if now() > $end;
  }
  close $c; @times = sort { $a <=> $b } @times;
  my $at = sub { sprintf '%.3f', 1000 * $times[int($_[0] * $#times + 0.5)] };

  my $u = dial($host, $port, 's' . chr $seconds); my $b = "\0" x 131072; my $f = '';
  until (readable($u, 0)) { my $w = ''; vec($w, fileno($u), 1) = 1; my $n = select(undef, $w, undef, 1); last if $n && !defined syswrite($u, $b, 16384) }
  my $told = read_all($u, 16); my ($sent, $took) = $told ? unpack('Qd', $told) : (0, 1); close $u;

  my $d = dial($host, $port, 'z'); my ($got, $start) = (0, now());
  while (now() - $start < $seconds) { next unless readable($d, 0.1); $got += sysread($d, my $x, 262144) || last }
  my $down = now() - $start; close $d;
  printf '{"p50Ms":%s,"p99Ms":%s,"roundTrips":%d,"upMbit":%.1f,"downMbit":%.1f}' . "\n",
    $at->(0.5), $at->(0.99), scalar @times, 8 * $sent / $took / 1e6, 8 * $got / $down / 1e6;
}

my ($mode, @rest) = @ARGV;
$mode eq 'serve' ? serve(@rest) : ask(@rest);
`;
