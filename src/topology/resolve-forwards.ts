/** Port forwards of a site: `tcp 10000-10004 -> cloud:30000-30004`, bound to the address of a node or of a router further in. */
import type { Path } from '../lib/document.ts';
import { listWords, suggest } from '../lib/names.ts';
import type { PortForward, Site } from '../model/lab.ts';
import { translates } from '../nat/nat.ts';
import { type Problems, quote } from './problems.ts';

/** `-> node` alone keeps the ports. */
const pattern = /^\s*(tcp|udp)\s+(\d{1,6})(?:\s*-\s*(\d{1,6}))?\s*->\s*([^\s:]+?)(?:\s*:\s*(\d{1,6})(?:\s*-\s*(\d{1,6}))?)?\s*$/i;
const example = 'for example "udp 45000 -> edge-a1:4500" or "tcp 10000-10004 -> cloud:30000-30004"';

/** Ports in one forward: each is an element of the router's rules. */
const mostPorts = 4096;

type Raw = readonly (string | undefined)[];
type Taken = { protocol: string; from: number; to: number; path: Path };

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

const readForward = (text: string, path: Path, targets: ReadonlyMap<string, string>, problems: Problems): PortForward | undefined => {
  const [, word = '', first, last = first, target = '', inner = first, innerLast] = pattern.exec(text) ?? [];
  if (first === undefined) {
    problems.error('TOPO065', path, `${quote(text)} is not a forward`, example);
    return undefined;
  }
  const outside: [number, number] = [Number(first), Number(last)];
  const start = Number(inner);
  const inside: [number, number] = [start, innerLast === undefined ? start + outside[1] - outside[0] : Number(innerLast)];
  const wrong = findWrongRange(outside, inside);
  if (wrong !== undefined) problems.error('TOPO065', path, `${quote(text)}: ${wrong}`, example);
  const to = targets.get(target);
  if (to === undefined) {
    const names = [...targets.keys()];
    const hint = `${suggest(target, names)}${names.length > 0 ? `there: ${listWords(names)}` : 'the site has no node'}`;
    problems.error('TOPO066', path, `${quote(target)} is not in this LAN`, hint);
  }
  return wrong === undefined && to !== undefined
    ? { protocol: word.toLowerCase() === 'udp' ? 'udp' : 'tcp', outside, to, inside }
    : undefined;
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
