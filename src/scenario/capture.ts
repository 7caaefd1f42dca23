/** Packet captures in all containers of a lab while probes run, kept in memory only. */
import type { Engine, ExecOptions, ExecResult } from '../engine/engine.ts';
import { captureArgv, captureFilter, parseCapture, readArgv, type Packet } from '../evidence/evidence.ts';
import { quoteWords } from '../lib/quote.ts';

/** `containers`: where to capture. */
type CaptureSite = { engine: Engine; lab: string; containers: readonly string[]; signal: AbortSignal };

/** A capture that runs. */
type Capture = {
  /** Containers where it runs; a container without tcpdump is left out, never an error. */
  running: ReadonlySet<string>;
  /** Ends it everywhere, removes its files and gives what was seen, by container. */
  stop(): Promise<Packet[]>;
};

const bounds = { packets: 20_000, seconds: 120 } as const;

/** Begins in the background and returns once tcpdump says it listens; `timeout` ends it should nobody come back. */
const startScript = (argv: string[]): string => `
d=$(mktemp -d /tmp/edgelab-capture.XXXXXX) || exit 1
cd "$d" || exit 1
setsid timeout ${bounds.seconds} ${quoteWords(argv)} >/dev/null 2>log </dev/null &
echo $! >pid
until grep -q 'listening on' log; do
  kill -0 "$(cat pid)" 2>/dev/null || { cat log >&2; rm -rf "$d"; exit 1; }
  sleep 0.02
done
echo "$d"`;

const stopScript = `
cd "$1" || exit 1
kill -INT "$(cat pid)" 2>/dev/null
while kill -0 "$(cat pid)" 2>/dev/null; do sleep 0.02; done
${quoteWords(readArgv('packets'))} 2>/dev/null
rm -rf "$1"`;

/** `tcpPorts`: the ports probes connect to, in the lab's own addresses and behind Services; `more`: filters of what else to keep; `udpPorts`: those that datagrams go to. */
export const startCapture = async (
  site: CaptureSite,
  tcpPorts: readonly number[],
  more: readonly string[] = [],
  udpPorts: readonly number[] = [],
): Promise<Capture> => {
  const { engine, lab, containers, signal } = site;
  const start = startScript(captureArgv('packets', captureFilter(tcpPorts, more, udpPorts), bounds.packets));
  const sh = (container: string, argv: string[], options: ExecOptions = {}): Promise<ExecResult> =>
    engine.exec(lab, container, ['sh', '-c', ...argv], { timeoutSeconds: 20, ...options });
  const folders = new Map<string, string>();
  await Promise.all(
    containers.map(async (container) => {
      const { code, stdout } = await sh(container, [start], { signal });
      if (code === 0) folders.set(container, stdout.trim());
    }),
  );
  return {
    running: new Set(folders.keys()),
    stop: async () => {
      // without the signal: after an interrupt, too, nothing may be left running
      const packets = await Promise.all(
        [...folders].map(async ([container, folder]) => parseCapture(container, (await sh(container, [stopScript, 'sh', folder])).stdout)),
      );
      return packets.flat();
    },
  };
};
