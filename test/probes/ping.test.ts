import test from 'ava';
import { pingArgv, readPing, type Observation } from '../../src/probes/probes.ts';

const head = 'PING 192.168.1.11 (192.168.1.11) 62(90) bytes of data.\n';
const tail = '\n--- 192.168.1.11 ping statistics ---\n1 packets transmitted, 0 received, 100% packet loss, time 0ms\n';

const reads = test.macro({
  exec(t, code: number, stdout: string, stderr: string, expected: Partial<Observation>) {
    t.like(readPing({ code, stdout, stderr }), expected);
  },
  title: (title = '') => `ping: ${title}`,
});

// recorded with iputils 20221126
test('0, a reply', reads, 0, `${head}70 bytes from 192.168.1.11: icmp_seq=1 ttl=62 time=0.302 ms\n`, '', {
  outcome: 'reachable',
  milliseconds: 0.302,
});
test('1, silence', reads, 1, head + tail, '', { outcome: 'timeout' });
test('1, a router says unreachable', reads, 1, `${head}From 45.77.0.1 icmp_seq=1 Destination Host Unreachable\n${tail}`, '', {
  outcome: 'unreachable',
  why: '45.77.0.1: destination host unreachable',
});
test('1, filtered', reads, 1, `${head}From 45.77.0.1 icmp_seq=1 Packet filtered\n${tail}`, '', { outcome: 'unreachable' });
test('1, time to live exceeded', reads, 1, `${head}From 45.77.0.1 icmp_seq=1 Time to live exceeded\n${tail}`, '', {
  outcome: 'unreachable',
});
test('1, port unreachable', reads, 1, `${head}From 45.77.0.1 icmp_seq=1 Destination Port Unreachable\n${tail}`, '', { outcome: 'refused' });
test('1, an error about something else', reads, 1, `${head}From 45.77.0.1 icmp_seq=1 Redirect Host(New nexthop: 45.77.0.2)\n${tail}`, '', {
  outcome: 'inconclusive',
});
test('1 from a wrapper that could not start it', reads, 1, '', 'nsenter: reassociate to namespace failed: Invalid argument', {
  outcome: 'inconclusive',
});
test('2, the own routes say no', reads, 2, '', 'ping: connect: No route to host\n', { outcome: 'unreachable' });
test('2, no network', reads, 2, '', 'ping: connect: Network is unreachable\n', { outcome: 'unreachable' });
test('2, may not', reads, 2, '', 'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted\n', { outcome: 'inconclusive' });
test('127, no ping', reads, 127, '', 'timeout: failed to run command ‘ping’: No such file or directory', { outcome: 'inconclusive' });
test('124, the outer time limit', reads, 124, head, '', { outcome: 'inconclusive' });

test('ping: one echo of the size captures know it by', (t) => {
  t.deepEqual(pingArgv({ address: '10.0.0.1', payload: 77, timeoutSeconds: 2 }), [
    'ping',
    '-n',
    '-c',
    '1',
    '-s',
    '77',
    '-W',
    '2',
    '10.0.0.1',
  ]);
});

// recorded over IPv6
const reply6 = '78 bytes from 2001:db8::a: icmp_seq=1 ttl=62 time=0.134 ms\n';
test('0, a reply to a name over IPv6', reads, 0, `PING server.net(2001:db8::a) 70 data bytes\n${reply6}`, '', {
  ...{ outcome: 'reachable', milliseconds: 0.134, resolved: '2001:db8::a' },
});
test('an address that was asked for as such was not looked up', (t) => {
  const seen = readPing({ code: 0, stdout: `PING 2001:db8::a(2001:db8::a) 70 data bytes\n${reply6}`, stderr: '' });
  t.false('resolved' in seen);
});
test('0, a name of the hosts file', reads, 0, 'PING  (45.77.0.10) 70(98) bytes of data.\n', '', { resolved: '45.77.0.10' });
test(
  '1, the core says unreachable over IPv6',
  ...([reads, 1] as const),
  'PING desk.office(fd12:3456:789a:1::b) 56 data bytes\nFrom 2001:db8::1 icmp_seq=1 Destination unreachable: Address unreachable\n',
  '',
  { outcome: 'unreachable', why: '2001:db8::1: destination unreachable: address unreachable', resolved: 'fd12:3456:789a:1::b' },
);
test('2, there is no such name', reads, 2, '', 'ping: nobody.home: Name or service not known\n', {
  ...{ outcome: 'unreachable', lookupFailed: true },
});
test('2, nobody answers for names', reads, 2, '', 'ping: nobody.home: Temporary failure in name resolution\n', {
  ...{ outcome: 'timeout', lookupFailed: true },
});

test('ping: a name is asked for one family', (t) => {
  t.is(pingArgv({ address: 'server.net', family: 'IPv6', payload: 77, timeoutSeconds: 2 })[1], '-6');
  t.is(pingArgv({ address: 'server.net', family: 'IPv4', payload: 77, timeoutSeconds: 2 })[1], '-4');
});
