import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { makePcapngWriter, makePcapReader, type PcapHead, type PcapPacket } from '../../src/evidence/evidence.ts';
import { interfaceBlock, packetBlock, sectionBlock, statisticsBlock } from '../../src/evidence/pcapng.ts';
import { makePcap, readBlocks } from './pcap-files.ts';

const read = (chunks: readonly Uint8Array[]): { heads: PcapHead[]; packets: PcapPacket[] } => {
  const seen = { heads: [] as PcapHead[], packets: [] as PcapPacket[] };
  const reader = makePcapReader({ head: (head) => seen.heads.push(head), packet: (packet) => seen.packets.push(packet) });
  for (const chunk of chunks) reader.push(chunk);
  return seen;
};

const packet = { time: 1_700_000_000_123_456_789n, length: 90, data: Uint8Array.of(1, 2, 3, 4, 5) };

for (const [title, order, unit] of [
  ['nanoseconds', true, 1n],
  ['microseconds', true, 1000n],
  ['the other byte order', false, 1n],
] as const)
  test(`a pcap file in ${title} is read`, (t) => {
    const { heads, packets } = read([makePcap([packet], { little: order, unit })]);
    t.deepEqual(heads, [{ linkType: 276, snapLength: 262_144 }]);
    t.deepEqual(packets, [{ ...packet, time: (packet.time / unit) * unit }]);
  });

test('what is no pcap file is refused', (t) => {
  t.throws(() => read([new Uint8Array(24)]), { instanceOf: TypeError });
});

testProp(
  'packets are the same however the stream is cut',
  [fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }), fc.array(fc.nat(400), { maxLength: 8 })],
  (t, payloads, cuts) => {
    const packets = payloads.map((data, index) => ({ time: BigInt(index), length: data.length, data }));
    const file = makePcap(packets);
    const edges = [0, ...cuts.map((cut) => Math.min(cut, file.length)).sort((a, b) => a - b), file.length];
    const chunks = edges.slice(1).map((edge, index) => file.subarray(edges[index], edge));
    t.deepEqual(read(chunks).packets, packets);
  },
);

testProp(
  'a pcapng file is a chain of blocks with equal lengths at both ends, whatever is in it',
  [fc.array(fc.record({ time: fc.bigInt(0n, 2n ** 62n), length: fc.nat(70_000), data: fc.uint8Array({ maxLength: 50 }) })), fc.string()],
  (t, packets, name) => {
    const parts = [
      sectionBlock('edgelab'),
      interfaceBlock({ linkType: 1, snapLength: 262_144 }, { name, filter: name }),
      ...packets.map((each) => packetBlock(0, each)),
      statisticsBlock(0, 5n, { received: 7, dropped: 1 }),
    ];
    const blocks = readBlocks(Buffer.concat(parts));
    t.deepEqual(
      blocks.map(({ type }) => type),
      [0x0a0d0d0a, 1, ...packets.map(() => 6), 5],
    );
    t.deepEqual(
      blocks.flatMap(({ packet: found }) => (found ? [found] : [])),
      packets.map(({ time, length, data }) => ({ interface: 0, time, length, data: new Uint8Array(data) })),
    );
  },
);

testProp(
  'a file with a bound holds the first packets, as many as there is room for, and the statistics of each interface',
  [fc.array(fc.record({ on: fc.nat(1), size: fc.nat(200) }), { maxLength: 30 }), fc.integer({ min: 400, max: 3000 })],
  (t, packets, maxBytes) => {
    const parts: Uint8Array[] = [];
    const file = makePcapngWriter({ maxBytes, interfaces: 2, write: (part) => parts.push(part) });
    for (const name of ['left', 'right']) file.addInterface({ linkType: 1, snapLength: 262_144 }, { name, filter: 'udp' });
    for (const { on, size } of packets) file.addPacket(on, { time: 1n, length: size, data: new Uint8Array(size) });
    for (const on of [0, 1]) file.addStatistics(on, 5n, { received: 7, dropped: 1 });
    const whole = Buffer.concat(parts);
    t.true(whole.length <= maxBytes);
    const found = readBlocks(whole);
    t.is(found.filter(({ type }) => type === 5).length, 2);
    const kept = found.flatMap(({ packet: one }) => (one ? [{ on: one.interface, size: one.data.length }] : []));
    t.deepEqual(kept, packets.slice(0, kept.length));
    t.deepEqual(file.written(), { packets: kept.length, bytes: whole.length });
    t.is(file.full.aborted, kept.length < packets.length);
  },
);
