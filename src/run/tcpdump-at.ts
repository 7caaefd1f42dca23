/** tcpdump at one place of a lab, packet by packet, to its last words. */
import type { Engine, LabName } from '../engine/engine.ts';
import { makePcapReader, streamArgv, type PcapCounts, type PcapHead, type PcapPacket } from '../evidence/evidence.ts';
import { LabError } from '../lib/lab-error.ts';

/** `interface` is a name inside the container; `any` is all of them. */
export type CapturePoint = { node: string; interface: string };

/** Where it runs and until when. */
export type TcpdumpOptions = {
  engine: Engine;
  lab: LabName;
  point: CapturePoint;
  /** A BPF filter in tcpdump's words; empty for everything. */
  filter: string;
  /** Ends it. */
  signal: AbortSignal;
};

/** Told that it listens, then what it hears. */
export type TcpdumpEars = { listening: () => void; head: (head: PcapHead) => void; packet: (packet: PcapPacket) => void };

/** Resolves when the signal has ended it; CAP001 when tcpdump ends by itself, which is its refusal. */
export const tcpdumpAt = async ({ engine, lab, point, filter, signal }: TcpdumpOptions, ears: TcpdumpEars): Promise<PcapCounts> => {
  const said: string[] = [];
  const reader = makePcapReader({ head: ears.head, packet: ears.packet });
  const onLine = (line: string): void => {
    said.push(line);
    if (line.includes('listening on')) ears.listening();
  };
  try {
    const argv = streamArgv(point.interface, filter);
    const { code } = await engine.exec(lab, point.node, argv, { onLine, onBytes: (bytes) => reader.push(bytes), signal });
    if (!signal.aborted) throw refusal(point, said, code);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return countsOf(said);
};

const refusal = (point: CapturePoint, said: readonly string[], code: number): LabError => {
  const why = said.filter((line) => line.startsWith('tcpdump: ')).map((line) => line.replace(/^tcpdump: /, ''));
  const reason = code === 127 ? 'there is no tcpdump in it' : (why.at(-1) ?? `tcpdump ended with exit code ${code}`);
  return new LabError('CAP001', `cannot capture at ${point.node}:${point.interface}: ${reason}`, {
    hint: 'interfaces: edgelab exec <node> -- ip link; filters are in the words of pcap-filter(7), e.g. "udp port 53"',
  });
};

/** tcpdump's last words: `12 packets received by filter`, `0 packets dropped by kernel`. */
const countsOf = (said: readonly string[]): PcapCounts => {
  const text = said.join('\n');
  const count = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);
  return { received: count(/(\d+) packets? received by filter/), dropped: count(/(\d+) packets? dropped by kernel/) };
};
