/** Captures whole packets at one or more places of a lab into one pcapng stream, bounded in time and size. */
import type { Engine, LabName } from '../engine/engine.ts';
import { interfaceBlock, makePcapReader, packetBlock, sectionBlock, statisticsBlock, streamArgv } from '../evidence/evidence.ts';
import { LabError } from '../lib/lab-error.ts';

/** `interface` is a name inside the container; `any` is all of them. */
export type CapturePoint = { node: string; interface: string };

export type RecordOptions = {
  engine: Engine;
  lab: LabName;
  points: readonly CapturePoint[];
  /** A BPF filter in tcpdump's words; empty for everything. */
  filter: string;
  maxBytes: number;
  maxSeconds: number;
  /** Takes the file piece by piece. */
  write: (bytes: Uint8Array) => void;
  /** Ends the capture; it then resolves like any other. */
  signal: AbortSignal;
  /** Milliseconds since the epoch. */
  now: () => number;
};

export type Recorded = {
  packets: number;
  /** Of the file. */
  bytes: number;
  /** Packets the kernel could not hand over in time. */
  dropped: number;
  /** Seconds from the moment all places listened. */
  seconds: number;
  ended: 'stopped' | 'time' | 'size';
};

export type Recording = {
  /** Resolves when all places listen; rejects as `finished` does. */
  listening: Promise<void>;
  /** Rejects with CAP001 when tcpdump refuses, or with what the engine says. */
  finished: Promise<Recorded>;
};

/** What a capture holds unless told otherwise. */
export const captureBounds = { megabytes: 100, seconds: 600 } as const;

/** Bytes of the block that ends each place's part of the file. */
const statisticsLength = 52;

export const recordPackets = (options: RecordOptions): Recording => {
  const { points, write, maxBytes, maxSeconds, now } = options;
  const total = { packets: 0, bytes: 0, dropped: 0 };
  const full = new AbortController();
  const listening = Promise.withResolvers<undefined>();
  let [began, quiet, interfaces] = [now(), points.length, 0];
  const put = (block: Uint8Array): void => {
    write(block);
    total.bytes += block.length;
  };
  const room = (block: Uint8Array): boolean => {
    if (full.signal.aborted) return false;
    if (total.bytes + block.length + points.length * statisticsLength <= maxBytes) return true;
    full.abort();
    return false;
  };
  put(sectionBlock('edgelab'));

  const recordPoint = async (point: CapturePoint, signal: AbortSignal): Promise<void> => {
    const said: string[] = [];
    let index = -1;
    const reader = makePcapReader({
      head: (head) => {
        index = interfaces++;
        put(interfaceBlock(head, { name: `${point.node}:${point.interface}`, filter: options.filter }));
      },
      packet: (packet) => {
        const block = packetBlock(index, packet);
        if (!room(block)) return;
        put(block);
        total.packets += 1;
      },
    });
    const onLine = (line: string): void => {
      said.push(line);
      if (!line.includes('listening on') || --quiet > 0) return;
      began = now();
      listening.resolve(undefined);
    };
    await runUntil(signal, options, point, { onLine, onBytes: (bytes) => reader.push(bytes) }, said);
    const counted = countOf(said);
    total.dropped += counted.dropped;
    if (index >= 0) put(statisticsBlock(index, BigInt(now()) * 1_000_000n, counted));
  };

  const finished = (async (): Promise<Recorded> => {
    const time = new AbortController();
    const failed = new AbortController();
    const signal = AbortSignal.any([options.signal, full.signal, time.signal, failed.signal]);
    const timer = setTimeout(() => time.abort(), maxSeconds * 1000);
    try {
      await Promise.all(
        points.map((point) =>
          recordPoint(point, signal).catch((error: unknown) => {
            failed.abort();
            throw error;
          }),
        ),
      );
      listening.resolve(undefined);
    } catch (error) {
      listening.reject(error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
    const ended = full.signal.aborted ? 'size' : time.signal.aborted ? 'time' : 'stopped';
    return { ...total, seconds: (now() - began) / 1000, ended };
  })();
  // whoever waits for one of the two hears of the failure
  finished.catch(() => undefined);
  listening.promise.catch(() => undefined);
  return { listening: listening.promise, finished };
};

type Ears = { onLine: (line: string, stream: 'stdout' | 'stderr') => void; onBytes: (bytes: Uint8Array) => void };

/** tcpdump never ends by itself, so an end that was not asked for is its refusal. */
const runUntil = async (signal: AbortSignal, options: RecordOptions, point: CapturePoint, ears: Ears, said: string[]): Promise<void> => {
  try {
    const argv = streamArgv(point.interface, options.filter);
    const { code } = await options.engine.exec(options.lab, point.node, argv, { ...ears, signal });
    if (signal.aborted) return;
    const why = said.filter((line) => line.startsWith('tcpdump: ')).map((line) => line.replace(/^tcpdump: /, ''));
    const reason = code === 127 ? 'there is no tcpdump in it' : (why.at(-1) ?? `tcpdump ended with exit code ${code}`);
    throw new LabError('CAP001', `cannot capture at ${point.node}:${point.interface}: ${reason}`, {
      hint: 'interfaces: edgelab exec <node> -- ip link; filters are in the words of pcap-filter(7), e.g. "udp port 53"',
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};

/** tcpdump's last words: `12 packets received by filter`, `0 packets dropped by kernel`. */
const countOf = (said: readonly string[]): { received: number; dropped: number } => {
  const text = said.join('\n');
  const count = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);
  return { received: count(/(\d+) packets? received by filter/), dropped: count(/(\d+) packets? dropped by kernel/) };
};
