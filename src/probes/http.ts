/** HTTP to the echo server by curl: one connection, the server's name and the source address it saw. */
import { inconclusive, lastLine, outcomeOfErrno, type Observation, type ProbeResult } from './observation.ts';

/** One attempt over IPv4. `timeoutSeconds` bounds the connection, name lookup included; each answer has a second more. */
export type HttpProbe = {
  /** Address or name; a name should end with a dot so that no search list is tried. */
  host: string;
  port: number;
  /** Source port to be recognised by in captures; one of the next `portChoices` if it is taken. */
  localPort: number;
  timeoutSeconds: number;
};

/** Ports a probe may choose from: an earlier connection may still hold the first (TIME_WAIT). */
export const portChoices = 3;

/**
 * curl, which asks `/hostname` and `/clientip` of the echo server (agnhost netexec) on one connection; after each answer it prints
 * curl's `time_connect`, seconds.
 */
export const httpArgv = ({ host, port, localPort, timeoutSeconds }: HttpProbe): string[] => [
  'curl',
  ...['-4', '-s', '-v', '--noproxy', '*', '--fail-early'],
  ...['--local-port', `${localPort}-${localPort + portChoices - 1}`],
  ...['--connect-timeout', String(timeoutSeconds), '--max-time', String(timeoutSeconds + 1)],
  ...['-w', String.raw`\n%{time_connect}\n`],
  `http://${host}:${port}/hostname`,
  `http://${host}:${port}/clientip`,
];

/** curl's exit codes: https://curl.se/docs/manpage.html#EXIT. */
export const readHttp = ({ code, stdout, stderr }: ProbeResult): Observation => {
  const facts = readFacts(stderr);
  if (code === 0) return readAnswer(stdout, facts);
  const said = lastLine(stderr.replaceAll(/^\* (Closing connection|closing connection).*$/gm, '')).replace(/^\* /, '');
  if (code === 5 || code === 6) return { outcome: 'unreachable', why: `the name was not found: ${said}`, lookupFailed: true, ...facts };
  if (code === 7) {
    const reason = /^\* connect to .* failed: (.*)$/m.exec(stderr)?.[1] ?? said;
    const outcome = outcomeOfErrno(reason);
    return outcome ? { outcome, why: reason.toLowerCase(), ...facts } : inconclusive(`curl: ${said}`);
  }
  if (code === 28) {
    const lookupFailed = /^\* Resolving timed out/m.test(stderr);
    return {
      outcome: 'timeout',
      why: lookupFailed ? 'no answer to the name lookup' : 'no answer to the connection request',
      lookupFailed,
      ...facts,
    };
  }
  if (code === 52 || code === 55 || code === 56)
    return { outcome: 'refused', why: `opened, then closed by the other side: ${said}`, ...facts };
  return inconclusive(`curl ended with ${code}: ${said}`);
};

/** curl says them with -v, whatever the outcome. */
const readFacts = (stderr: string): Pick<Observation, 'localPort' | 'resolved'> => {
  const localPort = /^\* Local port: (\d+)/m.exec(stderr)?.[1];
  const tried = /^\* {3}Trying ([\d.]+):\d+/m.exec(stderr)?.[1];
  return { ...(localPort === undefined ? {} : { localPort: Number(localPort) }), ...(tried === undefined ? {} : { resolved: tried }) };
};

const readAnswer = (stdout: string, facts: Pick<Observation, 'localPort' | 'resolved'>): Observation => {
  const [server = '', connected, sourceSeen] = stdout.split('\n');
  if (server === '' || sourceSeen === undefined) return inconclusive('something answered that is no echo server');
  const milliseconds = Math.round(Number(connected) * 10_000) / 10;
  return { outcome: 'reachable', why: `${server} answered`, server, sourceSeen, milliseconds, ...facts };
};
