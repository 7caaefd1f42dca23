/** Watches whether one container reaches an address, by a ping ten times a second: when it stops answering, and when it answers again. */
import type { Engine, LabName } from '../engine/engine.ts';

/** `silent`: from here on nothing answered; `answers`: again. Milliseconds since the epoch, when the request was sent or the answer came. */
export type Reaction = { at: number; state: 'answers' | 'silent' };

/** A ping that runs. */
export type ReachWatch = {
  /** Resolves with the first answer, or when it is clear that there is none. */
  watching: Promise<undefined>;
  /** Everything that changed, in order; the first says how it was in the beginning. */
  stop: () => Promise<Reaction[]>;
};

/** `from` is a container, `to` an address; each change is told at once. */
export type WatchOptions = { engine: Engine; lab: LabName; from: string; to: string; say: (reaction: Reaction) => void };

const everyMs = 100;

/** After so long without an answer it is silence; what answers sooner may be slow. Shorter gaps are told when they are over. */
const patienceMs = 1000;

/** Begins at once; it runs until `stop`. */
export const watchReach = ({ engine, lab, from, to, say }: WatchOptions): ReachWatch => {
  const reactions: Reaction[] = [];
  const end = new AbortController();
  const { promise: watching, resolve: begun } = Promise.withResolvers<undefined>();
  const reader = makeReader((reaction) => {
    reactions.push(reaction);
    say(reaction);
    begun(undefined);
  });
  const pinging = engine
    .exec(lab, from, ['ping', '-n', '-D', '-O', '-i', String(everyMs / 1000), to], { signal: end.signal, onLine: reader })
    .then(() => undefined)
    .catch((error: unknown) => {
      if (!end.signal.aborted) throw error;
    })
    .finally(() => begun(undefined));
  pinging.catch(() => undefined);
  return {
    watching,
    stop: async () => {
      end.abort();
      await pinging;
      return reactions;
    },
  };
};

/**
 * Reads `ping -D -O` line by line: `[time] 64 bytes from …: icmp_seq=7 …`, `[time] no answer yet for icmp_seq=8`. Every
 * request has its number, so the time at which an unanswered one was sent is known whatever the delay.
 */
export const makeReader = (say: (reaction: Reaction) => void): ((line: string) => void) => {
  let last: { number: number; at: number } | undefined;
  let first: number | undefined;
  let state: Reaction['state'] | undefined;
  const turn = (next: Reaction['state'], at: number): void => {
    if (state !== next) say({ at: Math.round(at), state: next });
    state = next;
  };
  return (line) => {
    const [, time = '', rest = ''] = /^\[(\d+\.\d+)\] (.*)$/.exec(line) ?? [];
    const number = Number(/icmp_seq=(\d+)/.exec(rest)?.[1]);
    if (time === '' || Number.isNaN(number)) return;
    const at = Number(time) * 1000;
    first ??= at;
    if (/bytes from/.test(rest)) {
      const missing = last === undefined ? 0 : number - last.number - 1;
      // an answer that was overtaken tells nothing new
      if (missing < 0) return;
      if (missing > 0 && last) turn('silent', last.at + everyMs);
      turn('answers', at);
      last = { number, at };
    } else if (at - (last?.at ?? first) > patienceMs) turn('silent', last ? last.at + everyMs : first);
  };
};
