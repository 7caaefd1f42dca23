import test from 'ava';
import { httpArgv, readHttp, type Observation } from '../../src/probes/probes.ts';

const said = (...lines: string[]): string => lines.map((line) => `* ${line}\n`).join('');
const trying = '  Trying 10.244.1.2:80...';

const reads = test.macro({
  exec(t, code: number, stderr: string, expected: Partial<Observation>) {
    t.like(readHttp({ code, stdout: '\n0.000000\n', stderr }), expected);
  },
  title: (title = '') => `curl: ${title}`,
});

// recorded with curl 7.88.1
test(
  '7, refused',
  reads,
  7,
  said(
    trying,
    'Local port: 40005',
    'connect to 10.244.1.2 port 80 failed: Connection refused',
    "Failed to connect to 10.244.1.2 port 80 after 0 ms: Couldn't connect to server",
    'Closing connection 0',
  ),
  { outcome: 'refused', why: 'connection refused', localPort: 40005 },
);
test('7, no route to host', reads, 7, said(trying, 'connect to 10.244.1.2 port 80 failed: No route to host', 'Closing connection 0'), {
  outcome: 'unreachable',
});
test(
  '7, network unreachable',
  reads,
  7,
  said(trying, 'connect to 10.244.1.2 port 80 failed: Network is unreachable', 'Closing connection 0'),
  { outcome: 'unreachable' },
);
test(
  "7, the kernel's own time-out",
  reads,
  7,
  said(trying, 'connect to 10.244.1.2 port 80 failed: Connection timed out', 'Closing connection 0'),
  { outcome: 'timeout' },
);
test(
  '7, in the words of curl 8',
  reads,
  7,
  said(trying, 'connect to 10.244.1.2 port 80 from 10.244.0.2 port 15000 failed: Connection refused', 'closing connection #0'),
  { outcome: 'refused' },
);
test(
  '7, a reason that says nothing about the network is inconclusive',
  reads,
  7,
  said(trying, 'connect to 10.244.1.2 port 80 failed: Operation not permitted', 'Closing connection 0'),
  { outcome: 'inconclusive' },
);
test(
  '28, no answer to the SYN',
  reads,
  28,
  said(
    trying,
    'Local port: 40002',
    'ipv4 connect timeout after 2000ms, move on!',
    'Failed to connect to 10.244.1.2 port 80 after 2001 ms: Timeout was reached',
    'Closing connection 0',
  ),
  { outcome: 'timeout', lookupFailed: false, resolved: '10.244.1.2' },
);
test('28, no answer to the lookup', reads, 28, said('Resolving timed out after 2000 milliseconds', 'Closing connection 0'), {
  outcome: 'timeout',
  lookupFailed: true,
});
test('6, the name is not found', reads, 6, said('Could not resolve host: nobody.default.svc.cluster.local', 'Closing connection 0'), {
  outcome: 'unreachable',
  lookupFailed: true,
});
test('52, opened and closed without an answer', reads, 52, said(trying, 'Empty reply from server', 'Closing connection 0'), {
  outcome: 'refused',
});
test('56, reset after it was opened', reads, 56, said(trying, 'Recv failure: Connection reset by peer', 'Closing connection 0'), {
  outcome: 'refused',
});
test(
  '45, no source port is free',
  reads,
  45,
  said('Local port: 15000', 'bind failed with errno 98: Address already in use', 'Closing connection 0'),
  { outcome: 'inconclusive' },
);
test('124, the outer time limit', reads, 124, '', { outcome: 'inconclusive' });
test('126, not executable', reads, 126, 'nsenter: failed to execute curl: Permission denied', { outcome: 'inconclusive' });
test('127, no curl', reads, 127, 'timeout: failed to run command ‘curl’: No such file or directory', { outcome: 'inconclusive' });

test('curl: every other exit code is inconclusive, never "blocked"', (t) => {
  const known = new Set([0, 5, 6, 7, 28, 52, 55, 56]);
  for (let code = 1; code < 256; code += 1)
    if (!known.has(code)) t.is(readHttp({ code, stdout: '', stderr: '* something\n' }).outcome, 'inconclusive', `code ${code}`);
});

test('curl: an answer gives the server, the source it saw and the time to connect', (t) => {
  const stdout = 'echo-edge-a2-775d47d856-qqk2q\n0.000561\n10.244.2.2:22500\n0.000000\n';
  t.like(readHttp({ code: 0, stdout, stderr: said(trying, 'Local port: 22500') }), {
    outcome: 'reachable',
    server: 'echo-edge-a2-775d47d856-qqk2q',
    sourceSeen: '10.244.2.2:22500',
    milliseconds: 0.6,
    localPort: 22500,
  });
});

test('curl: an answer without content is no echo server', (t) => {
  t.is(readHttp({ code: 0, stdout: '', stderr: '' }).outcome, 'inconclusive');
});

test('curl: both requests go over one connection, which ends at the first failure', (t) => {
  const argv = httpArgv({ host: '10.244.1.2', port: 8080, localPort: 15000, timeoutSeconds: 2 });
  t.true(argv.includes('--fail-early'));
  t.deepEqual(argv.slice(-2), ['http://10.244.1.2:8080/hostname', 'http://10.244.1.2:8080/clientip']);
  t.is(argv[argv.indexOf('--local-port') + 1], '15000-15002');
});
