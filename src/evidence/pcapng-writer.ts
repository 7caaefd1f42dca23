/** A pcapng file of several interfaces, written piece by piece, that does not grow beyond a size. */
import type { PcapHead, PcapPacket } from './pcap-stream.ts';
import { interfaceBlock, packetBlock, sectionBlock, statisticsBlock } from './pcapng.ts';

/** What the kernel counted on an interface. */
export type PcapCounts = { received: number; dropped: number };

/** Declares interfaces, then takes their packets in any mixture, then their statistics. */
type PcapngWriter = {
  /** Gives the number by which its packets name it. */
  addInterface: (head: PcapHead, options: { name: string; filter: string }) => number;
  /** Left out from the first one on for which there is no room. */
  addPacket: (on: number, packet: PcapPacket) => void;
  /** Ends the interface's part; `time` in nanoseconds since the epoch. */
  addStatistics: (on: number, time: bigint, counted: PcapCounts) => void;
  written: () => { packets: number; bytes: number };
  /** Aborts when there was no room for a packet. */
  full: AbortSignal;
};

/** Bounds of the file, and where it goes. */
type PcapngOptions = {
  /** Bytes; room is kept for the statistics of all interfaces. */
  maxBytes: number;
  /** How many there will be. */
  interfaces: number;
  /** Takes the file block by block. */
  write: (block: Uint8Array) => void;
};

/** Bytes of the block that ends each interface's part of the file. */
const statisticsLength = 52;

/** Writes the section block (the file's head) at once. */
export const makePcapngWriter = ({ maxBytes, interfaces, write }: PcapngOptions): PcapngWriter => {
  let [packets, bytes, next] = [0, 0, 0];
  const full = new AbortController();
  const put = (block: Uint8Array): void => {
    write(block);
    bytes += block.length;
  };
  put(sectionBlock('edgelab'));
  return {
    addInterface: (head, options) => {
      put(interfaceBlock(head, options));
      return next++;
    },
    addPacket: (on, packet) => {
      if (full.signal.aborted) return;
      const block = packetBlock(on, packet);
      if (bytes + block.length + interfaces * statisticsLength > maxBytes) {
        full.abort();
        return;
      }
      put(block);
      packets += 1;
    },
    addStatistics: (on, time, counted) => put(statisticsBlock(on, time, counted)),
    written: () => ({ packets, bytes }),
    full: full.signal,
  };
};
