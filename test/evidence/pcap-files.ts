/** Capture files for tests: a maker of pcap and a strict reader of pcapng, written from the formats' specifications. */
import type { PcapPacket } from '../../src/evidence/pcap-stream.ts';

export const makePcap = (packets: readonly PcapPacket[], { little = true, unit = 1n } = {}): Uint8Array => {
  const words = (...values: number[]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(values.length * 4));
    values.forEach((value, index) => view.setUint32(index * 4, value, little));
    return new Uint8Array(view.buffer);
  };
  const version = new DataView(new ArrayBuffer(4));
  version.setUint16(0, 2, little);
  version.setUint16(2, 4, little);
  return Buffer.concat([
    words(unit === 1n ? 0xa1b23c4d : 0xa1b2c3d4),
    new Uint8Array(version.buffer),
    words(0, 0, 262_144, 276),
    ...packets.flatMap(({ time, length, data }) => [
      words(Number(time / 1_000_000_000n), Number((time % 1_000_000_000n) / unit), data.length, length),
      data,
    ]),
  ]);
};

export type Block = { type: number; packet?: { interface: number } & PcapPacket };

/** Throws for whatever the format does not allow. */
export const readBlocks = (file: Uint8Array): Block[] => {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const blocks: Block[] = [];
  for (let at = 0; at < file.length;) {
    const type = view.getUint32(at, true);
    const length = view.getUint32(at + 4, true);
    if (length < 12 || length % 4 !== 0) throw new Error(`block of ${length} bytes at ${at}`);
    if (view.getUint32(at + length - 4, true) !== length) throw new Error(`the block at ${at} has two lengths`);
    if (at === 0 && (type !== 0x0a0d0d0a || view.getUint32(8, true) !== 0x1a2b3c4d)) throw new Error('no section header');
    blocks.push(type === 6 ? { type, packet: readPacket(view, at) } : { type });
    at += length;
  }
  return blocks;
};

const readPacket = (view: DataView, at: number): NonNullable<Block['packet']> => {
  const kept = view.getUint32(at + 20, true);
  return {
    interface: view.getUint32(at + 8, true),
    time: (BigInt(view.getUint32(at + 12, true)) << 32n) | BigInt(view.getUint32(at + 16, true)),
    length: view.getUint32(at + 24, true),
    data: new Uint8Array(view.buffer.slice(view.byteOffset + at + 28, view.byteOffset + at + 28 + kept)),
  };
};
