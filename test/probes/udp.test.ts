import { execFile } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import test from 'ava';
import { readUdp, udpArgv, type Observation, type ProbeResult } from '../../src/probes/probes.ts';

/** The echo server's UDP side: commands between blanks, answers without. */
const serve = async (
  t: { teardown: (work: () => void) => void },
  ignore = 0,
): Promise<{ socket: Socket; port: number; sizes: number[] }> => {
  const socket = createSocket('udp4');
  const sizes: number[] = [];
  socket.on('message', (message, { address, port }) => {
    sizes.push(message.length);
    if (sizes.length <= ignore) return;
    const command = message.toString().trim();
    socket.send(command === 'hostname' ? 'echo-edge-b1-x' : command === 'clientip' ? `${address}:${port}` : 'unknown', port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.teardown(() => {
    try {
      socket.close();
    } catch {
      // the test closed it
    }
  });
  return { socket, port: socket.address().port, sizes };
};

const run = (argv: string[]): Promise<ProbeResult> =>
  new Promise((resolve) => {
    execFile(argv[0] ?? '', argv.slice(1), (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });

const probe = { localPort: 0, payload: 77, timeoutSeconds: 5 };

test('the real program asks the server for its name and for the source it sees, in datagrams of the given size', async (t) => {
  const { port, sizes } = await serve(t);
  const seen = readUdp(0)(await run(udpArgv({ ...probe, host: '127.0.0.1', port })));
  t.like(seen, { outcome: 'reachable', server: 'echo-edge-b1-x', resolved: '127.0.0.1' });
  t.regex(seen.sourceSeen ?? '', /^127\.0\.0\.1:\d+$/);
  t.true(sizes.length >= 2 && sizes.every((size) => size === 77));
});

test('a lost datagram is sent again', async (t) => {
  const { port, sizes } = await serve(t, 1);
  t.is(readUdp(0)(await run(udpArgv({ ...probe, host: '127.0.0.1', port }))).outcome, 'reachable');
  t.true(sizes.length >= 3);
});

test('a late answer to what was sent again is not taken for the next one', async (t) => {
  const { socket, port } = await serve(t);
  socket.on('message', (_, { address, port: from }) => socket.send('echo-edge-b1-x', from, address));
  t.regex(readUdp(0)(await run(udpArgv({ ...probe, host: '127.0.0.1', port }))).sourceSeen ?? '', /^127/);
});

test('silence is a time-out', async (t) => {
  const { port } = await serve(t, Infinity);
  t.is(readUdp(0)(await run(udpArgv({ ...probe, host: '127.0.0.1', port, timeoutSeconds: 1 }))).outcome, 'timeout');
});

test('a port where nobody listens refuses', async (t) => {
  const { socket, port } = await serve(t);
  socket.close();
  await once(socket, 'close');
  t.is(readUdp(0)(await run(udpArgv({ ...probe, host: '127.0.0.1', port }))).outcome, 'refused');
});

const reads = test.macro({
  exec(t, code: number, stdout: string, stderr: string, expected: Partial<Observation>) {
    t.like(readUdp(15_000)({ code, stdout, stderr }), expected);
  },
  title: (title = '') => `udp: ${title}`,
});
test('6, no such name', reads, 6, '', 'lookup: x was not found\n', { outcome: 'unreachable', lookupFailed: true });
test('7, an error that says nothing about the network', reads, 7, '', 'send: Operation not permitted\n', { outcome: 'inconclusive' });
test('7, no route', reads, 7, '', 'send: Network is unreachable\n', { outcome: 'unreachable' });
test('127, no perl', reads, 127, '', 'sh: perl: not found\n', { outcome: 'inconclusive' });
test('another server', reads, 0, 'resolved 10.0.0.1\nmilliseconds 1.0\n', '', { outcome: 'inconclusive' });
