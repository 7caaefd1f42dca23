/** Reads what `tcpdump -w -` writes, however it is cut: the classic pcap format (draft-ietf-opsawg-pcap). */

/** One packet record, cut at the capture's snap length. */
export type PcapPacket = {
  /** Nanoseconds since the epoch. */ time: bigint;
  /** Bytes on the wire; `data` may be fewer. */ length: number;
  data: Uint8Array;
};

/** `linkType`: a LINKTYPE_ value of tcpdump.org, e.g. 1 Ethernet, 276 Linux cooked v2. */
export type PcapHead = { linkType: number; snapLength: number };

/** Takes chunks in their order; calls back for all that is complete before `push` returns. */
type PcapReader = { push(chunk: Uint8Array): void };

const [headLength, recordHeadLength] = [24, 16];
/** First word of a file → nanoseconds per unit of its time stamps. */
const unitByMagic = new Map([
  [0xa1b2c3d4, 1000n],
  [0xa1b23c4d, 1n],
]);

/** Throws a TypeError for what is no pcap. */
export const makePcapReader = (on: { head(head: PcapHead): void; packet(packet: PcapPacket): void }): PcapReader => {
  let rest = new Uint8Array(0);
  let unit = 0n;
  let little = true;
  const word = (at: number): number => new DataView(rest.buffer, rest.byteOffset).getUint32(at, little);

  const readHead = (): boolean => {
    if (rest.length < headLength) return false;
    for (const order of [true, false]) {
      little = order;
      unit ||= unitByMagic.get(word(0)) ?? 0n;
      if (unit !== 0n) break;
    }
    if (unit === 0n) throw new TypeError('this is no packet capture');
    on.head({ snapLength: word(16), linkType: word(20) & 0xffff });
    rest = rest.subarray(headLength);
    return true;
  };
  const readPacket = (): boolean => {
    if (rest.length < recordHeadLength) return false;
    const end = recordHeadLength + word(8);
    if (rest.length < end) return false;
    const time = BigInt(word(0)) * 1_000_000_000n + BigInt(word(4)) * unit;
    on.packet({ time, length: word(12), data: rest.slice(recordHeadLength, end) });
    rest = rest.subarray(end);
    return true;
  };
  return {
    push: (chunk) => {
      const joined = new Uint8Array(rest.length + chunk.length);
      joined.set(rest);
      joined.set(chunk, rest.length);
      rest = joined;
      if (unit === 0n && !readHead()) return;
      while (readPacket());
    },
  };
};
