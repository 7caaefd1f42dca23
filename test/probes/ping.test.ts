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
