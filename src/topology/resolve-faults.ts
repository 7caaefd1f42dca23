/** `faults:` as a timeline: times read, names bound, and each fault held against what it is to happen to. */
import { readDuration } from '../lib/durations.ts';
import type { Path } from '../lib/document.ts';
import type { Fault, TimedFault } from '../model/fault.ts';
import type { Site } from '../model/lab.ts';
import { faultWords } from './fault-schema.ts';
import { type Problems, quote } from './problems.ts';
import { readLink } from './resolve-links.ts';
import { findNamed, readRouterFault, type FaultContext, type RawFault } from './router-faults.ts';
import type { LooseTopology } from './shape.ts';

type Raw = RawFault;
type Word = keyof typeof faultWords;
type Context = FaultContext;

const words = Object.keys(faultWords) as Word[];

/** Words that stand beside one kind of fault only, and those that happen at once and have no end. */
const companions: Partial<Record<Word, readonly (keyof Raw)[]>> = {
  cut: ['direction'],
  flap: ['times', 'period'],
  partition: ['from'],
  'black-hole': ['mtu'],
  link: ['condition'],
  redial: ['to'],
};
const allCompanions = [...new Set(Object.values(companions).flat())];
const momentary: readonly Word[] = ['flap', 'rebind', 'expire', 'reboot', 'restart'];

/** In the order of time; what is wrong is reported and left out. */
export const resolveFaults = (raw: LooseTopology, sites: readonly Site[], problems: Problems): TimedFault[] => {
  const timed = (raw.faults ?? []).flatMap((entry, index) => {
    const path = ['faults', index];
    const read = entry && readOne(entry, { sites, path, problems });
    return read ? [{ ...read, path }] : [];
  });
  checkOverlaps(timed, problems);
  return timed.map(({ path: _, ...one }) => one).toSorted((a, b) => a.atMs - b.atMs);
};

const readOne = (entry: Raw, context: Context): TimedFault | undefined => {
  const { path, problems } = context;
  const atMs = entry.at === undefined ? undefined : readTime(entry.at, [...path, 'at'], context);
  const forMs = entry.for === undefined ? undefined : readTime(entry.for, [...path, 'for'], context);
  if (atMs !== undefined && atMs < 0)
    problems.error(
      'TOPO140',
      [...path, 'at'],
      `${quote(entry.at!)} is over when the timeline begins`,
      'times count from its beginning: 0s is the first',
    );
  if (forMs !== undefined && forMs <= 0)
    problems.error(
      'TOPO140',
      [...path, 'for'],
      `a fault that lasts ${quote(entry.for!)} never is`,
      'leave "for" out and it lasts to the end of the timeline',
    );
  const said = words.filter((word) => Object.hasOwn(entry, word));
  const [word, second] = said;
  if (word === undefined || second !== undefined) {
    const message = word === undefined ? 'nothing goes wrong here' : `${quote(word)} and ${quote(second!)} are two faults`;
    problems.error('TOPO142', path, message, `each entry has one of: ${words.join(', ')}`);
    return undefined;
  }
  checkCompanions(word, entry, context);
  const fault = entry[word] === undefined ? undefined : readFault(word, entry, context);
  if (!fault || atMs === undefined || atMs < 0) return undefined;
  return { atMs, ...(forMs !== undefined && { forMs }), fault };
};

const readTime = (text: string, path: Path, { problems }: Context): number | undefined => {
  const milliseconds = readDuration(text);
  if (milliseconds === undefined) problems.error('TOPO140', path, `${quote(text)} is no time`, 'write 500ms, 30s, 2m or 1h');
  return milliseconds;
};

const checkCompanions = (word: Word, entry: Raw, { path, problems }: Context): void => {
  const own = companions[word] ?? [];
  for (const other of allCompanions)
    if (Object.hasOwn(entry, other) && !own.includes(other))
      problems.errorAtKey('TOPO143', [...path, other], `${quote(other)} means nothing beside ${quote(word)}`, 'leave it out');
  for (const needed of own.filter((one) => ['from', 'mtu', 'condition'].includes(one)))
    if (!Object.hasOwn(entry, needed))
      problems.errorAtKey('TOPO143', [...path, word], `${quote(word)} needs ${quote(needed)}`, `add "${needed}: …" to this entry`);
  if (momentary.includes(word) && Object.hasOwn(entry, 'for'))
    problems.errorAtKey('TOPO143', [...path, 'for'], `${quote(word)} is over by itself`, 'leave "for" out');
};

const readFault = (word: Word, entry: Raw, context: Context): Fault | undefined => {
  const { sites, path, problems } = context;
  switch (word) {
    case 'cut': {
      const where = findLink(entry.cut!, [...path, word], context);
      return where === undefined ? undefined : { kind: word, where, directions: entry.direction ?? 'both' };
    }
    case 'flap': {
      const where = findLink(entry.flap!, [...path, word], context);
      const periodMs = entry.period === undefined ? 2000 : readTime(entry.period, [...path, 'period'], context);
      return where === undefined || periodMs === undefined ? undefined : { kind: word, where, times: entry.times ?? 3, periodMs };
    }
    case 'black-hole': {
      const where = findLink(entry['black-hole']!, [...path, word], context);
      return where === undefined || entry.mtu === undefined ? undefined : { kind: word, where, mtu: entry.mtu };
    }
    case 'link': {
      const where = findLink(entry.link!, [...path, word], context);
      const conditions = readLink(entry.condition, [...path, 'condition'], problems);
      return where === undefined || !conditions ? undefined : { kind: word, where, conditions };
    }
    case 'partition': {
      const [one, other] = [findSites(entry.partition, [...path, word], context), findSites(entry.from, [...path, 'from'], context)];
      const both = one.find((site) => other.includes(site));
      if (both !== undefined)
        problems.error('TOPO143', [...path, word], `${quote(both)} cannot be parted from itself`, 'name each site on one side');
      return { kind: word, one, other };
    }
    case 'dns':
      return { kind: word };
    case 'rebind':
    case 'expire':
    case 'redial':
    case 'conntrack-full':
    case 'reboot':
      return readRouterFault(word, entry, context);
    case 'pause':
    case 'kill':
    case 'restart': {
      const nodes = sites.flatMap((site) => site.nodes.map(({ name }) => name));
      const node = findNamed(entry[word]!, nodes, 'node', [...path, word], context);
      return node === undefined ? undefined : { kind: word, node };
    }
  }
};

const findLink = (name: string, path: Path, context: Context): string | undefined =>
  findNamed(
    name,
    [...new Set(context.sites.flatMap((site) => [site.name, ...site.nodes.map((node) => node.name)]))],
    'link of a site or node',
    path,
    context,
  );

const findSites = (names: readonly (string | undefined)[] | undefined, path: Path, context: Context): string[] =>
  (names ?? []).flatMap((name, index) => {
    const known = context.sites.map((site) => site.name);
    return name === undefined ? [] : (findNamed(name, known, 'site', [...path, index], context) ?? []);
  });

/** The same thing cannot happen twice at once to one place: the first end would end both. */
const checkOverlaps = (timed: readonly (TimedFault & { path: Path })[], problems: Problems): void => {
  const places = ({ fault: { kind: _, ...where } }: TimedFault): string => JSON.stringify(Object.values(where)[0] ?? '');
  for (const [index, one] of timed.entries()) {
    const before = timed
      .slice(0, index)
      .find((other) => other.fault.kind === one.fault.kind && places(other) === places(one) && overlap(one, other));
    if (before)
      problems.error(
        'TOPO144',
        one.path,
        `this is on already, since ${problems.line(before.path)}`,
        'end the first with "for" before the second begins',
      );
  }
};

const lasts = ({ fault, forMs }: TimedFault): number => {
  if (fault.kind === 'flap') return fault.times * fault.periodMs;
  return (momentary as readonly string[]).includes(fault.kind) ? 1 : (forMs ?? Infinity);
};
const overlap = (a: TimedFault, b: TimedFault): boolean => a.atMs < b.atMs + lasts(b) && b.atMs < a.atMs + lasts(a);
