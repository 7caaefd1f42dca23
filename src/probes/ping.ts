/** One ICMP echo by iputils ping. */
import { inconclusive, lastLine, outcomeOfErrno, type Observation, type ProbeResult } from './observation.ts';

/** One echo request. `timeoutSeconds`: how long its reply is waited for. */
export type PingProbe = {
  /** Or a name. */
  address: string;
  /** What is wanted of a name. */
  family?: 'IPv4' | 'IPv6';
  /** Payload bytes; unique per attempt, so that captures can tell them apart behind NATs. */
  payload: number;
  timeoutSeconds: number;
};

/** Bytes of the ICMP header (RFC 792), which captures count. */
export const icmpHeader = 8;

/** iputils ping with one request and `-n`: addresses in its output stay addresses. */
export const pingArgv = ({ address, family, payload, timeoutSeconds }: PingProbe): string[] => [
  'ping',
  ...(family === undefined ? [] : [family === 'IPv6' ? '-6' : '-4']),
  ...['-n', '-c', '1', '-s', String(payload), '-W', String(timeoutSeconds)],
  address,
];

/** What ping says it asks: `PING server.net (45.77.0.10) 56(84) …`, `PING server.net(2001:db8::a) 56 …`; of an address it says itself. */
const resolved = (stdout: string): { resolved?: string } => {
  const [, asked, found] = /^PING ([^\s(]*) ?\(([\da-f.:]+)\)/.exec(stdout) ?? [];
  return found === undefined || found === asked ? {} : { resolved: found };
};

/** Exit 0: a reply came; 1: none, perhaps an ICMP error instead; 2: ping itself or the local routes say no. */
export const readPing = ({ code, stdout, stderr }: ProbeResult): Observation => {
  if (code === 0) {
    const time = /time=([\d.]+) ms/.exec(stdout)?.[1];
    return { outcome: 'reachable', why: 'echo reply', ...resolved(stdout), ...(time === undefined ? {} : { milliseconds: Number(time) }) };
  }
  if (code === 2) {
    const said = lastLine(stderr).replace(/^ping: /, '');
    if (/name resolution/.test(said)) return { outcome: 'timeout', why: 'no answer to the name lookup', lookupFailed: true };
    if (/not known|no address associated/i.test(said))
      return { outcome: 'unreachable', why: `the name was not found: ${said}`, lookupFailed: true };
    const outcome = outcomeOfErrno(said);
    return outcome ? { outcome, why: said.toLowerCase() } : inconclusive(`ping: ${said}`);
  }
  // a wrapper that could not start ping may also end with 1
  if (code !== 1 || !stdout.startsWith('PING ')) return inconclusive(`ping ended with ${code}: ${lastLine(stderr) || lastLine(stdout)}`);
  const error = /^From (\S+) icmp_seq=\d+ (.*)$/m.exec(stdout);
  if (!error) return { outcome: 'timeout', why: 'no echo reply', ...resolved(stdout) };
  const [, speaker = '', says = ''] = error;
  return /port unreachable/i.test(says)
    ? { outcome: 'refused', why: `${speaker}: ${says.toLowerCase()}`, ...resolved(stdout) }
    : /unreachable|filtered|prohibited|exceeded/i.test(says)
      ? { outcome: 'unreachable', why: `${speaker}: ${says.toLowerCase()}`, ...resolved(stdout) }
      : inconclusive(`ping: ${says}`);
};
