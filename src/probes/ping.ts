/** One ICMP echo by iputils ping. */
import { inconclusive, lastLine, outcomeOfErrno, type Observation, type ProbeResult } from './observation.ts';

export type PingProbe = {
  address: string;
  /** Payload bytes; unique per attempt, so that captures can tell them apart behind NATs. */
  payload: number;
  timeoutSeconds: number;
};

/** Bytes of the ICMP header (RFC 792), which captures count. */
export const icmpHeader = 8;

export const pingArgv = ({ address, payload, timeoutSeconds }: PingProbe): string[] => [
  'ping',
  ...['-n', '-c', '1', '-s', String(payload), '-W', String(timeoutSeconds)],
  address,
];

/** Exit 0: a reply came; 1: none, perhaps an ICMP error instead; 2: ping itself or the local routes say no. */
export const readPing = ({ code, stdout, stderr }: ProbeResult): Observation => {
  if (code === 0) {
    const time = /time=([\d.]+) ms/.exec(stdout)?.[1];
    return { outcome: 'reachable', why: 'echo reply', ...(time === undefined ? {} : { milliseconds: Number(time) }) };
  }
  if (code === 2) {
    const said = lastLine(stderr).replace(/^ping: /, '');
    const outcome = outcomeOfErrno(said);
    return outcome ? { outcome, why: said.toLowerCase() } : inconclusive(`ping: ${said}`);
  }
  // a wrapper that could not start ping may also end with 1
  if (code !== 1 || !stdout.startsWith('PING ')) return inconclusive(`ping ended with ${code}: ${lastLine(stderr) || lastLine(stdout)}`);
  const error = /^From (\S+) icmp_seq=\d+ (.*)$/m.exec(stdout);
  if (!error) return { outcome: 'timeout', why: 'no echo reply' };
  const [, speaker = '', says = ''] = error;
  return /port unreachable/i.test(says)
    ? { outcome: 'refused', why: `${speaker}: ${says.toLowerCase()}` }
    : /unreachable|filtered|prohibited|exceeded/i.test(says)
      ? { outcome: 'unreachable', why: `${speaker}: ${says.toLowerCase()}` }
      : inconclusive(`ping: ${says}`);
};
