/** Which LANs each router is in: uplinks as they are written, without circles. */
import type { Path } from '../lib/document.ts';
import { suggest, thereAre } from '../lib/names.ts';
import { type Problems, quote } from './problems.ts';
import { isBroken, type LooseTopology } from './shape.ts';

type Sites = NonNullable<LooseTopology['sites']>;

/** A site it hangs on, or undefined for the internet. */
export type Uplink = string | undefined;

/** Word for the internet in a list of uplinks; no site can have this name. */
const internet = 'internet';
const mostUplinks = 4;

/** Site → what it hangs on, the preferred one first; sites that say nothing are not in it. What cannot be used was reported and is left out. */
export const resolveUplinks = (sites: Sites, isLan: (site: string) => boolean, problems: Problems): Map<string, Uplink[]> => {
  const uplinks = new Map<string, Uplink[]>();
  for (const [name, site] of Object.entries(sites)) {
    if (!site) continue;
    const several = Object.hasOwn(site, 'uplinks');
    if (!several && !Object.hasOwn(site, 'uplink')) continue;
    const path = ['sites', name, several ? 'uplinks' : 'uplink'];
    if (!isLan(name)) {
      const hint = `add "nat" and "subnet", or remove "${several ? 'uplinks' : 'uplink'}": nodes without a LAN sit on the internet`;
      problems.errorAtKey('TOPO062', path, `site ${quote(name)} has an uplink but no router`, hint);
      continue;
    }
    const written: (string | undefined)[] = several ? (site.uplinks ?? []) : [site.uplink];
    if (several && !isBroken(site, 'uplinks')) checkList(site, written, path, problems);
    const found = written.flatMap((uplink, index): Uplink[] => {
      if (uplink === undefined || (several && written.indexOf(uplink) < index)) return [];
      if (several && uplink === internet) return [undefined];
      return isUsable(name, uplink, several ? [...path, index] : path, { sites, isLan, problems }) ? [uplink] : [];
    });
    if (found.length > 0) uplinks.set(name, found);
  }
  breakCircles(uplinks, sites, problems);
  return uplinks;
};

type Context = { sites: Sites; isLan: (site: string) => boolean; problems: Problems };

const isUsable = (name: string, uplink: string, path: Path, { sites, isLan, problems }: Context): boolean => {
  const others = Object.keys(sites).filter((other) => other !== name && isLan(other));
  const choice = others.length > 0 ? thereAre(others) : 'no other site has a LAN';
  if (uplink === name || !Object.hasOwn(sites, uplink)) {
    const message = uplink === name ? `site ${quote(name)} is its own uplink` : `there is no site ${quote(uplink)}`;
    problems.error('TOPO062', path, message, `${suggest(uplink, others)}${choice}`);
    return false;
  }
  if (isLan(uplink)) return true;
  const outside = path.at(-1) === 'uplink' ? 'without "uplink" the router is on the internet' : `the internet itself is "${internet}"`;
  problems.error('TOPO062', path, `site ${quote(uplink)} has no LAN that a router could be in`, `${choice}; ${outside}`);
  return false;
};

const checkList = (site: NonNullable<Sites[string]>, written: readonly (string | undefined)[], path: Path, problems: Problems): void => {
  if (Object.hasOwn(site, 'uplink'))
    problems.errorAtKey('TOPO123', path, '"uplink" and "uplinks" both say where the router is', 'remove one of them');
  for (const [index, uplink] of written.entries())
    if (uplink !== undefined && written.indexOf(uplink) < index)
      problems.error('TOPO123', [...path, index], `${quote(uplink)} is there twice`, 'a router has one interface in a LAN');
  if (written.length < 2)
    problems.error('TOPO123', path, 'several uplinks are at least two', 'one is written "uplink: isp", none is the internet');
  else if (written.length > mostUplinks)
    problems.error('TOPO123', path, `${written.length} uplinks are more than the ${mostUplinks} of a router`, 'leave some out');
};

/** Every circle is reported at the first site of it in the file, and is opened there. */
const breakCircles = (uplinks: Map<string, Uplink[]>, sites: Sites, problems: Problems): void => {
  for (const name of [...uplinks.keys()]) {
    for (let way = findWayBack(uplinks, name); way; way = findWayBack(uplinks, name)) {
      const [next] = way;
      const found = uplinks.get(name) ?? [];
      const several = Object.hasOwn(sites[name] ?? {}, 'uplinks');
      problems.error(
        'TOPO063',
        ['sites', name, several ? 'uplinks' : 'uplink'],
        `the uplinks go in a circle: ${[name, ...way].map(quote).join(' -> ')}`,
        several
          ? `a router cannot be behind itself: leave ${quote(next ?? '')} out`
          : 'one of these sites is on the internet: remove its "uplink"',
      );
      const left = found.filter((uplink) => uplink !== next);
      if (left.length > 0) uplinks.set(name, left);
      else uplinks.delete(name);
    }
  }
};

/** The sites on a way from this one back to it. */
const findWayBack = (uplinks: ReadonlyMap<string, Uplink[]>, name: string): string[] | undefined => {
  const met = new Set<string>();
  const search = (at: string): string[] | undefined => {
    for (const next of uplinks.get(at) ?? []) {
      if (next === name) return [next];
      if (next === undefined || met.has(next)) continue;
      met.add(next);
      const rest = search(next);
      if (rest) return [next, ...rest];
    }
    return undefined;
  };
  return search(name);
};
