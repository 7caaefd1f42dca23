/** The words and units of a condition: `delay: 15ms`, `rate: 50mbit`, `loss: 0.5%`, in files and on the command line alike. */
import type { LinkCondition, LinkConditions } from '../model/link.ts';
import { findLinkPreset, linkPresets } from './presets.ts';

/** As topologies and the command line call them. */
export const linkFields = ['delay', 'jitter', 'loss', 'duplicate', 'reorder', 'rate', 'mtu'] as const;
/** One of `linkFields`. */
export type LinkField = (typeof linkFields)[number];

type Unit = {
  key: keyof LinkCondition;
  /** How many of the field's own units one of this is. */ units: Record<string, number>;
  range: [number, number];
  example: string;
};

const time = { us: 0.001, ms: 1, s: 1000 };
const share = { '%': 1 };

/** By field: its key of LinkCondition and its units. The unit of factor 1 is that of the key and of `range`, whose ends are allowed. */
export const fieldUnits: Record<LinkField, Unit> = {
  delay: { key: 'delayMs', units: time, range: [0, 10_000], example: '15ms' },
  jitter: { key: 'jitterMs', units: time, range: [0, 10_000], example: '2ms' },
  loss: { key: 'lossPercent', units: share, range: [0, 100], example: '0.5%' },
  duplicate: { key: 'duplicatePercent', units: share, range: [0, 100], example: '1%' },
  reorder: { key: 'reorderPercent', units: share, range: [0, 100], example: '1%' },
  rate: { key: 'rateKbit', units: { kbit: 1, mbit: 1000, gbit: 1_000_000 }, range: [8, 10_000_000], example: '50mbit' },
  mtu: { key: 'mtu', units: { '': 1 }, range: [576, 1500], example: '1400' },
};

/** The value in the field's own unit, or what is wrong with the text. */
export const readField = (field: LinkField, text: string): number | { problem: string; hint: string } => {
  const { units, range, example } = fieldUnits[field];
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-z%]*)$/.exec(text.trim().toLowerCase()) ?? [];
  const known = Object.keys(units);
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  const hint = known[0] === '' ? `a number of bytes, e.g. ${example}` : `a number and its unit (${known.join(', ')}), e.g. ${example}`;
  if (digits === '' || factor === undefined) return { problem: `${field} cannot be "${text}"`, hint };
  // units are decimal, and so are answers: no 0.30000000000000004
  const value = Number((Number(digits) * factor).toPrecision(12));
  const [lowest, highest] = range;
  if (value < lowest || value > highest) {
    const base = known.find((name) => units[name] === 1) ?? '';
    return { problem: `${field} must be ${lowest}${base} to ${highest}${base}, not ${text}`, hint };
  }
  return value;
};

/** What one direction cannot be, in words; undefined when it makes sense. */
const findContradiction = ({ delayMs = 0, jitterMs = 0, reorderPercent = 0 }: LinkCondition): string | undefined => {
  if (jitterMs > delayMs) return `a jitter of ${jitterMs}ms needs a delay of at least as much: packets cannot arrive before they are sent`;
  if (reorderPercent > 0 && delayMs === 0) return 'reordering needs a delay: a packet overtakes others that wait';
  return undefined;
};

/** Both directions from what was said: of a preset, of both, of one. The later ones win field by field. */
export const makeLink = (said: {
  like?: LinkConditions | undefined;
  both?: LinkCondition;
  up?: LinkCondition;
  down?: LinkCondition;
}): LinkConditions | { problem: string } => {
  const link = { up: { ...said.like?.up, ...said.both, ...said.up }, down: { ...said.like?.down, ...said.both, ...said.down } };
  const problem = findContradiction(link.up) ?? findContradiction(link.down);
  return problem === undefined ? link : { problem };
};

/** A condition in the words of the command line: `4g`, `delay=20ms loss=1%`, `up.rate=5mbit`. */
export const readLinkWords = (words: readonly string[]): LinkConditions | { problem: string; hint: string } => {
  const said = { both: {} as LinkCondition, up: {} as LinkCondition, down: {} as LinkCondition };
  const hint = `write e.g. delay=20ms loss=1% up.rate=5mbit, or one of ${linkPresets.map(({ name }) => name).join(', ')}`;
  let like: LinkConditions | undefined;
  for (const word of words) {
    const [, way = 'both', field = '', text = ''] = /^(?:(up|down)\.)?(\w+)=(.*)$/.exec(word) ?? [];
    const preset = findLinkPreset(word);
    if (preset) like = preset.link;
    else if (!isField(field)) return { problem: `"${word}" is no condition of a link`, hint };
    else {
      const value = readField(field, text);
      if (typeof value !== 'number') return value;
      said[way as keyof typeof said][fieldUnits[field].key] = value;
    }
  }
  const link = makeLink({ like, ...said });
  return 'problem' in link ? { ...link, hint } : link;
};

const isField = (word: string): word is LinkField => (linkFields as readonly string[]).includes(word);

type WayWish = { [Field in LinkField]?: string | number };
/** A condition as a script writes it: a preset's name, or fields for both ways, `up` and `down`, on top of a preset or not. */
export type LinkWish = string | (WayWish & { like?: string; up?: WayWish; down?: WayWish });

/** The same in the words of the command line. */
export const wishWords = (wish: LinkWish): string[] => {
  if (typeof wish === 'string') return [wish];
  const { like, up, down, ...both } = wish;
  const words = (way: WayWish | undefined, before: string): string[] =>
    Object.entries(way ?? {}).map(([field, value]) => `${before}${field}=${value}`);
  return [...(like === undefined ? [] : [like]), ...words(both, ''), ...words(up, 'up.'), ...words(down, 'down.')];
};
