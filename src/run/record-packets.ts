/** Captures whole packets at one or more places of a lab into one pcapng stream, bounded in time and size. */
import type { Engine, LabName } from '../engine/engine.ts';
import { makePcapngWriter } from '../evidence/evidence.ts';
import { tcpdumpAt, type CapturePoint } from './tcpdump-at.ts';

/** What is captured, where to, and when it ends. */
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

/** What is in the file, and why it ended. */
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

/** A capture that runs. */
export type Recording = {
  /** Resolves when all places listen; rejects as `finished` does. */
  listening: Promise<void>;
  /** Rejects with CAP001 when tcpdump refuses, or with what the engine says. */
  finished: Promise<Recorded>;
};

/** What a capture holds unless told otherwise. */
export const captureBounds = { megabytes: 100, seconds: 600 } as const;

/** Begins at once; the file is complete when `finished` resolves. */
export const recordPackets = (options: RecordOptions): Recording => {
  const { engine, lab, points, filter, now, maxBytes, maxSeconds, write } = options;
  const file = makePcapngWriter({ maxBytes, interfaces: points.length, write });
  const listening = Promise.withResolvers<undefined>();
  let [began, deaf, dropped] = [now(), points.length, 0];
  const onListening = (): void => {
    deaf -= 1;
    if (deaf > 0) return;
    began = now();
    listening.resolve(undefined);
  };
  const recordPoint = async (point: CapturePoint, signal: AbortSignal): Promise<void> => {
    let index = -1;
    const counted = await tcpdumpAt(
      { engine, lab, point, filter, signal },
      {
        listening: onListening,
        head: (head) => (index = file.addInterface(head, { name: `${point.node}:${point.interface}`, filter })),
        packet: (packet) => file.addPacket(index, packet),
      },
    );
    dropped += counted.dropped;
    if (index >= 0) file.addStatistics(index, BigInt(now()) * 1_000_000n, counted);
  };
  const recordAll = async (): Promise<Recorded> => {
    const time = new AbortController();
    const failed = new AbortController();
    const signal = AbortSignal.any([options.signal, file.full, time.signal, failed.signal]);
    const timer = setTimeout(() => time.abort(), maxSeconds * 1000);
    const fail = (error: unknown): never => {
      failed.abort();
      throw error;
    };
    try {
      await Promise.all(points.map((point) => recordPoint(point, signal).catch(fail)));
      listening.resolve(undefined);
    } catch (error) {
      listening.reject(error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
    const ended = file.full.aborted ? 'size' : time.signal.aborted ? 'time' : 'stopped';
    return { ...file.written(), dropped, seconds: (now() - began) / 1000, ended };
  };
  const finished = recordAll();
  // whoever waits for one of the two hears of the failure
  finished.catch(() => undefined);
  listening.promise.catch(() => undefined);
  return { listening: listening.promise, finished };
};
