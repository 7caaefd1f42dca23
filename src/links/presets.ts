/** Kinds of access links by name, with figures of the middle of each kind. */
import type { LinkCondition, LinkConditions } from '../model/link.ts';

/** A condition by name: `link: 4g`. */
export type LinkPreset = {
  name: string;
  /** What it is like, for people. */
  like: string;
  link: LinkConditions;
};

const both = (shared: LinkCondition, up: LinkCondition, down: LinkCondition): LinkConditions => ({
  up: { ...shared, ...up },
  down: { ...shared, ...down },
});

/** Delays are one way; rates are what an IP packet with its Ethernet header gets. */
export const linkPresets: readonly LinkPreset[] = [
  { name: 'fibre', like: 'fibre to the home', link: both({ delayMs: 2 }, { rateKbit: 100_000 }, { rateKbit: 500_000 }) },
  { name: 'dsl', like: 'VDSL over a copper pair', link: both({ delayMs: 10, jitterMs: 1 }, { rateKbit: 10_000 }, { rateKbit: 50_000 }) },
  {
    name: '4g',
    like: 'LTE with a fair signal',
    link: both({ delayMs: 25, jitterMs: 8, lossPercent: 0.1 }, { rateKbit: 10_000 }, { rateKbit: 30_000 }),
  },
  {
    name: 'satellite',
    like: 'a geostationary satellite',
    link: both({ delayMs: 300, jitterMs: 5, lossPercent: 0.2 }, { rateKbit: 3000 }, { rateKbit: 25_000 }),
  },
];

/** By its exact name. */
export const findLinkPreset = (name: string): LinkPreset | undefined => linkPresets.find((preset) => preset.name === name);
