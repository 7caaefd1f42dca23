import { execFileSync } from 'node:child_process';
import test from 'ava';
import { recordPackets } from '../../../src/run/run.ts';
import { readBlocks } from '../../evidence/pcap-files.ts';
import { makeLab } from '../../engine/contract.ts';
import { withDocker } from '../engine/real-docker.ts';

await withDocker(test, (engine, image) => {
  const start = async (owner: ReturnType<typeof makeLab>) => {
    await engine.ensureNetwork(owner, { name: 'wire', title: 'wire' });
    for (const name of ['left', 'right'])
      await engine.ensureContainer(
        owner,
        {
          ...{ name, image: 'router', hostname: name, privilege: 'router', store: false, role: 'router' },
          interfaces: [{ network: 'wire', name: 'eth0', addresses: [] }],
        },
        { image },
      );
    return (await engine.inspect(owner.lab, 'right')).dockerAddresses['wire'] ?? '';
  };

  test('a capture on two containers is legal pcapng that holds what was sent, to the packet', async (t) => {
    const owner = makeLab(t, engine);
    const right = await start(owner);
    const parts: Uint8Array[] = [];
    const stop = new AbortController();
    const recording = recordPackets({
      ...{ engine, lab: owner.lab, filter: 'icmp', maxBytes: 1e6, maxSeconds: 60, now: Date.now, signal: stop.signal },
      points: ['left', 'right'].map((node) => ({ node, interface: 'eth0' })),
      write: (bytes) => parts.push(bytes),
    });
    await recording.listening;
    t.is((await engine.exec(owner.lab, 'left', ['ping', '-c', '5', '-i', '0.05', right])).code, 0);
    stop.abort();
    const { packets, bytes, dropped, ended } = await recording.finished;
    t.deepEqual({ packets, dropped, ended }, { packets: 20, dropped: 0, ended: 'stopped' });
    const file = Buffer.concat(parts);
    t.is(file.length, bytes);
    t.is(readBlocks(file).filter(({ type }) => type === 6).length, 20);
    // the judgement of a reader that nobody here wrote
    const args = ['run', '--rm', '-i', '--network', 'none', '--entrypoint', 'tcpdump', image, '-n', '-r', '-'];
    const said = execFileSync('docker', args, { input: file, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
    t.is(said.match(/ICMP echo re(quest|ply)/g)?.length, 20);
  });

  test('a capture that ends leaves no tcpdump behind', async (t) => {
    const owner = makeLab(t, engine);
    await start(owner);
    const recording = recordPackets({
      ...{ engine, lab: owner.lab, filter: '', maxBytes: 1e6, maxSeconds: 0.5, now: Date.now, signal: new AbortController().signal },
      points: [{ node: 'left', interface: 'any' }],
      write: () => undefined,
    });
    t.is((await recording.finished).ended, 'time');
    t.is((await engine.exec(owner.lab, 'left', ['pgrep', 'tcpdump'])).code, 1);
  });

  test('a filter or an interface that tcpdump refuses ends the capture with its words', async (t) => {
    const owner = makeLab(t, engine);
    await start(owner);
    for (const [point, filter, words] of [
      ['eth0', 'udp prot 53', /CAP001|syntax error/],
      ['eth7', '', /No such device/],
    ] as const) {
      const recording = recordPackets({
        ...{ engine, lab: owner.lab, filter, maxBytes: 1e6, maxSeconds: 20, now: Date.now, signal: new AbortController().signal },
        points: [{ node: 'left', interface: point }],
        write: () => undefined,
      });
      await t.throwsAsync(recording.listening, { message: words });
    }
  });
});
