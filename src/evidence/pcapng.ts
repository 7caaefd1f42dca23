/** Blocks of a pcapng file (draft-ietf-opsawg-pcapng): what Wireshark opens, with several interfaces in one file. */
import type { PcapHead, PcapPacket } from './pcap-stream.ts';

const types = { section: 0x0a0d0d0a, interface: 1, statistics: 5, packet: 6 } as const;
const nanoseconds = 9;

type Option = { code: number; value: Uint8Array };

/** The first block of a file. */
export const sectionBlock = (application: string): Uint8Array =>
  block(types.section, [word(0x1a2b3c4d), words16(1, 0), long(-1n), options([text(4, application)])]);

/** Declares the next interface; packets name interfaces by the order of these blocks, from 0. */
export const interfaceBlock = ({ linkType, snapLength }: PcapHead, { name, filter }: { name: string; filter: string }): Uint8Array =>
  block(types.interface, [
    words16(linkType, 0),
    word(snapLength),
    options([
      text(2, name),
      { code: 9, value: Uint8Array.of(nanoseconds) },
      // the first byte says that a filter is text
      ...(filter === '' ? [] : [{ code: 11, value: Uint8Array.of(0, ...encode(filter)) }]),
    ]),
  ]);

/** An enhanced packet block; `on` is the number of its interface, by the order of the interface blocks. */
export const packetBlock = (on: number, { time, length, data }: PcapPacket): Uint8Array =>
  block(types.packet, [word(on), stamp(time), word(data.length), word(length), padded(data)]);

/** What the kernel counted on the interface until `time`, nanoseconds since the epoch. */
export const statisticsBlock = (on: number, time: bigint, { received, dropped }: { received: number; dropped: number }): Uint8Array =>
  block(types.statistics, [
    word(on),
    stamp(time),
    options([
      { code: 4, value: long(BigInt(received)) },
      { code: 5, value: long(BigInt(dropped)) },
    ]),
  ]);

const block = (type: number, parts: readonly Uint8Array[]): Uint8Array => {
  const body = join(parts);
  const length = word(body.length + 12);
  return join([word(type), length, body, length]);
};

const options = (list: readonly Option[]): Uint8Array =>
  join([...list.flatMap(({ code, value }) => [words16(code, value.length), padded(value)]), words16(0, 0)]);

const encode = (value: string): Uint8Array => new TextEncoder().encode(value);
const text = (code: number, value: string): Option => ({ code, value: encode(value) });

const word = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
const words16 = (...values: number[]): Uint8Array => new Uint8Array(Uint16Array.from(values).buffer);
const long = (value: bigint): Uint8Array => new Uint8Array(BigInt64Array.of(value).buffer);
/** The high half comes first, whatever the byte order. */
const stamp = (time: bigint): Uint8Array => join([word(Number(time >> 32n)), word(Number(time & 0xffff_ffffn))]);

const padded = (bytes: Uint8Array): Uint8Array => join([bytes, new Uint8Array((4 - (bytes.length % 4)) % 4)]);

const join = (parts: readonly Uint8Array[]): Uint8Array => {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
};
