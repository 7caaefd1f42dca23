/** `capture`: packets at one or more places, into a file of the run. */
import { captureBounds, recordPackets, type CapturePoint } from '../../run/run.ts';
import { toSeconds, type Duration } from '../duration.ts';
import type { VerbScene } from './action.ts';

/** A capture that runs; `stop` ends it, and says what is in the file. */
export type Capture = { file: string; stop(): Promise<{ packets: number; bytes: number }> };

/** What is captured, and when it ends by itself. */
export type CaptureOptions = {
  /** In the words of pcap-filter(7); everything by default. */
  filter?: string;
  /** 10^6 bytes; 100 by default. */
  maxMegabytes?: number;
  /** Ten minutes by default. */
  within?: Duration;
};

/** Resolves when all places listen; CAP001 where tcpdump refuses. */
export const capture = async (scene: VerbScene, at: string | readonly string[], options: CaptureOptions = {}): Promise<Capture> => {
  const { engine, lab, signal, now, tell, track, atStepEnd, openCapture } = scene;
  const { filter = '', maxMegabytes = captureBounds.megabytes, within = captureBounds.seconds } = options;
  const places = typeof at === 'string' ? [at] : at;
  const target = await openCapture(places.join('-').replaceAll(/[^\w.-]+/g, '-'));
  const end = new AbortController();
  const { listening, finished } = recordPackets({
    ...{ engine, lab: lab.name, points: places.map(toPoint), filter, now, write: target.write },
    ...{ maxBytes: maxMegabytes * 1e6, maxSeconds: toSeconds(within), signal: AbortSignal.any([signal, end.signal]) },
  });
  const finish = async (): Promise<{ packets: number; bytes: number }> => {
    end.abort();
    try {
      const { packets, bytes } = await finished;
      tell(`${packets} packets at ${places.join(', ')} in ${target.file}`, 'seen');
      return { packets, bytes };
    } finally {
      await target.close();
    }
  };
  let stopping: ReturnType<typeof finish> | undefined;
  const stop = (): ReturnType<typeof finish> => (stopping ??= finish());
  atStepEnd(stop);
  await track(listening);
  return { file: target.file, stop };
};

/** `edge-a1:eth0`, or `lan-a-router` for all its interfaces. */
const toPoint = (place: string): CapturePoint => {
  const [node = '', name = 'any'] = place.split(':');
  return { node, interface: name };
};
