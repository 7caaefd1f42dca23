/** Port forwards of a site: `tcp 10000-10004 -> cloud:30000-30004`, bound to the address of a node or of a router further in. */
import type { Path } from '../lib/document.ts';
import { listWords, suggest } from '../lib/names.ts';
import type { Site } from '../model/lab.ts';
import type { ForwardTarget, PortForward } from '../model/nat.ts';
import { translates } from '../nat/nat.ts';
import { type Problems, quote } from './problems.ts';

const pattern = /^\s*(tcp|udp)\s+(\d{1,6})(?:\s*-\s*(\d{1,6}))?\s*->\s*(.+?)(?:\s+by\s+(source))?\s*$/i;
/** A name alone keeps the ports. */
const targetPattern = /^\s*([^\s:,]+)(?:\s*:\s*(\d{1,6})(?:\s*-\s*(\d{1,6}))?)?\s*$/;
const example = 'for example "udp 45000 -> edge-a1:4500", "tcp 10000-10004 -> cloud:30000-30004" or "tcp 80 -> web-1:8080, web-2:8080"';

/** Ports in one forward: each is an element of the router's rules. */
const mostPorts = 4096;

type Raw = readonly (string | undefined)[];
type Taken = { protocol: string; from: number; to: number; path: Path };

/**
 * `targets`: who is in the LAN, by name, with the address there. Reports TOPO064 to TOPO067 and TOPO122; a forward that cannot be
 * read is left out.
 */
export const resolveForwards = (raw: Raw, site: Site, targets: ReadonlyMap<string, string>, problems: Problems): PortForward[] => {
  const path = ['sites', site.name, 'forwards'];
  const nat = site.lan?.router.nat;
  if (!nat || !translates(nat) || nat.kind === 'one-to-one') {
    const why = nat?.kind === 'one-to-one' ? 'gives every node an address of its own' : 'does not translate';
    const message = nat ? `forwards need a NAT that shares its address, and this one ${why}` : `site ${quote(site.name)} has no router`;
    problems.errorAtKey(
      'TOPO064',
      path,
      message,
      nat ? 'choose another NAT, or remove "forwards"' : 'add "nat" and "subnet", or remove "forwards"',
    );
    return [];
  }
  const taken: Taken[] = [];
  return raw.flatMap((text, index) => {
    const forward = text === undefined ? undefined : readForward(text, [...path, index], targets, problems);
    if (forward) checkFree(forward, [...path, index], taken, problems);
    return forward ?? [];
  });
};

const readForward = (text: string, path: Path, names: ReadonlyMap<string, string>, problems: Problems): PortForward | undefined => {
  const [, word = '', first, last = first, written = '', source] = pattern.exec(text) ?? [];
  const parts = written.split(',').map((part) => targetPattern.exec(part));
  if (first === undefined || parts.includes(null)) {
    problems.error('TOPO065', path, `${quote(text)} is not a forward`, example);
    return undefined;
  }
  const outside: [number, number] = [Number(first), Number(last)];
  const targets = parts.flatMap((part) => readTarget(part ?? [], outside, { text, path, names, problems }) ?? []);
  const [target, ...others] = targets;
  if (source !== undefined && parts.length === 1)
    problems.error('TOPO122', path, `${quote(text)}: one target gets everything, whoever asks`, 'add another, or leave out "by source"');
  if (target === undefined || targets.length < parts.length) return undefined;
  const balanced = others.length > 0 && { others, balance: source === undefined ? ('in-turn' as const) : ('by-source' as const) };
  return { protocol: word.toLowerCase() === 'udp' ? 'udp' : 'tcp', outside, ...target, ...balanced };
};

type Context = { text: string; path: Path; names: ReadonlyMap<string, string>; problems: Problems };

const readTarget = (part: readonly (string | undefined)[], outside: [number, number], context: Context): ForwardTarget | undefined => {
  const { text, path, names, problems } = context;
  const [, target = '', inner, innerLast] = part;
  const start = inner === undefined ? outside[0] : Number(inner);
  const inside: [number, number] = [start, innerLast === undefined ? start + outside[1] - outside[0] : Number(innerLast)];
  const wrong = findWrongRange(outside, inside);
  if (wrong !== undefined) problems.error('TOPO065', path, `${quote(text)}: ${wrong}`, example);
  const to = names.get(target);
  if (to === undefined) {
    const known = [...names.keys()];
    const hint = `${suggest(target, known)}${known.length > 0 ? `there: ${listWords(known)}` : 'the site has no node'}`;
    problems.error('TOPO066', path, `${quote(target)} is not in this LAN`, hint);
  }
  return wrong === undefined && to !== undefined ? { to, inside } : undefined;
};

const findWrongRange = (outside: [number, number], inside: [number, number]): string | undefined => {
  for (const [from, to] of [outside, inside]) {
    if (from < 1 || to > 65_535) return 'ports are from 1 to 65535';
    if (from > to) return `the range ends at ${to}, before it begins at ${from}`;
  }
  const [wide, narrow] = [outside, inside].map(([from, to]) => to - from + 1) as [number, number];
  if (wide > mostPorts) return `${wide} ports are more than the ${mostPorts} of one forward`;
  return wide === narrow ? undefined : `${wide} outside ports cannot lead to ${narrow} inside ports`;
};

const checkFree = ({ protocol, outside: [from, to] }: PortForward, path: Path, taken: Taken[], problems: Problems): void => {
  const before = taken.find((one) => one.protocol === protocol && one.from <= to && from <= one.to);
  if (before) {
    const both = Math.max(from, before.from);
    problems.error(
      'TOPO067',
      path,
      `${protocol} port ${both} is forwarded twice, first in ${problems.line(before.path)}`,
      'an outside port leads to one place',
    );
  }
  taken.push({ protocol, from, to, path });
};
