import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { FakeEngine } from '../../src/engine/fake/fake-engine.ts';
import { makePcap, readBlocks } from '../evidence/pcap-files.ts';
import { engineWith, runEdgelab } from './fake-cli.ts';

const packets = [1n, 2n, 3n].map((time) => ({ time, length: 60, data: new Uint8Array(60) }));
const words = 'tcpdump: listening on eth0\n3 packets captured\n3 packets received by filter\n0 packets dropped by kernel\n';

/** tcpdump never ends by itself: `--seconds` ends it. */
const capturing = async (): Promise<FakeEngine> => {
  const engine = await engineWith({ one: ['edge-1', 'edge-2'] });
  engine.when('*', 'tcpdump').answers({ stdout: makePcap(packets), stderr: words, takes: 'forever' });
  return engine;
};

test('capture writes a file that is pcapng and says how many packets it has', async (t) => {
  const cwd = await mkdtemp(join(tmpdir(), 'edgelab-capture-'));
  t.teardown(() => rm(cwd, { recursive: true }));
  const engine = await capturing();
  const { code, stderr } = await runEdgelab(['capture', 'edge-1:eth0,edge-2', '--seconds', '0.2', 'udp', 'port', '53'], { engine, cwd });
  t.is(code, 0, stderr);
  t.regex(stderr, /capturing at edge-1:eth0, edge-2; Ctrl-C ends it/);
  t.regex(stderr, /6 packets, \d+ bytes, .* \(the time is over\) in one-edge-1-eth0-edge-2\.pcapng/);
  const blocks = readBlocks(await readFile(join(cwd, 'one-edge-1-eth0-edge-2.pcapng')));
  t.is(blocks.filter(({ type }) => type === 6).length, 6);
  t.deepEqual([...new Set(blocks.flatMap(({ packet }) => (packet ? [packet.interface] : [])))].sort(), [0, 1]);
  t.true(
    engine
      .commands('edge-1')
      .some((command) => command.endsWith('-i eth0 -s 0 -U --immediate-mode --time-stamp-precision=nano -Z root -w - -- udp port 53')),
  );
  t.true(engine.commands('edge-2').some((command) => command.includes('-i any ')));
});

test('capture ends when the file is as big as it may be, and never exceeds that', async (t) => {
  const cwd = await mkdtemp(join(tmpdir(), 'edgelab-capture-'));
  t.teardown(() => rm(cwd, { recursive: true }));
  const { code, stdout } = await runEdgelab(['capture', 'edge-1', '--max-mb', '0.0003', '--json'], { engine: await capturing(), cwd });
  t.is(code, 0);
  t.like(JSON.parse(stdout), { ok: true, ended: 'size', packets: 1 });
});

test('capture says what tcpdump does not understand', async (t) => {
  const engine = await engineWith({ one: ['edge-1'] });
  engine.when('*', 'tcpdump').answers({ code: 1, stderr: "tcpdump: can't parse filter expression: syntax error\n" });
  const { code, stderr } = await runEdgelab(['capture', 'edge-1', '-o', '-', 'udp', 'prot', '53'], { engine });
  t.is(code, 2);
  t.regex(stderr, /error CAP001 cannot capture at edge-1:any: can't parse filter expression: syntax error/);
});

test('capture refuses bounds that are no numbers, nodes that are not there, and two uses of stdout', async (t) => {
  const engine = await engineWith({ one: ['edge-1'] });
  t.regex(
    (await runEdgelab(['capture', 'edge-1', '--seconds', 'long'], { engine })).stderr,
    /--seconds must be a number above 0, not "long"/,
  );
  t.regex((await runEdgelab(['capture', 'edge-2'], { engine })).stderr, /lab one has no node "edge-2"/);
  t.regex((await runEdgelab(['capture', 'edge-1', '-o', '-', '--json'], { engine })).stderr, /both want stdout/);
});
