/** `uplink`: whether packets get out of a site and into it. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Directions } from '../../model/fault.ts';
import { toSeconds, type Duration } from '../duration.ts';
import type { VerbScene } from './action.ts';

/** What can be done to the uplink of a site. */
export type UplinkVerbs = {
  /** Nothing passes any more, or nothing in one direction: one-way loss. */
  down(direction?: Directions): Promise<void>;
  up(): Promise<void>;
  /** Down and up again, that many times, each for half a period. */
  flap(options: { times: number; period: Duration }): Promise<void>;
  /** Packets above this size vanish without a word (RFC 2923 §2.1); `up()` ends it. */
  blackHole(mtu: number): Promise<void>;
};

const words: Record<Directions, string> = { both: 'down', up: 'lets nothing out', down: 'lets nothing in' };

/** Of the site of that name. */
export const uplinkVerbs = ({ signal, track, begin, end }: VerbScene, site: string): UplinkVerbs => {
  const [cut, hole] = [`cut ${site}`, `black hole ${site}`];
  const down: UplinkVerbs['down'] = async (direction = 'both') => {
    await begin(cut, `uplink of ${site} ${words[direction]}`, { kind: 'cut', where: site, directions: direction });
  };
  const up = async (): Promise<void> => {
    await end(cut, `uplink of ${site} down`);
    await end(hole, `black hole at ${site}`);
  };
  return {
    down,
    up: () => track(up()),
    flap: async ({ times, period }) => {
      for (let turn = 0; turn < times; turn++) {
        await down();
        await wait(toSeconds(period) * 500, undefined, { signal });
        await up();
        await wait(toSeconds(period) * 500, undefined, { signal });
      }
    },
    blackHole: async (mtu) => {
      await begin(hole, `packets above ${mtu} bytes vanish at ${site}`, { kind: 'black-hole', where: site, mtu });
    },
  };
};
