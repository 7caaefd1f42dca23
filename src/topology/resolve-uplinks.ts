/** Which site's LAN each router is in: uplinks as they are written, without circles. */
import { listWords, suggest } from '../lib/names.ts';
import { type Problems, quote } from './problems.ts';
import type { LooseTopology } from './shape.ts';

type Sites = NonNullable<LooseTopology['sites']>;

/** Site → the site it hangs on; sites on the internet are not in it. What cannot be used was reported and is left out. */
export const resolveUplinks = (sites: Sites, isLan: (site: string) => boolean, problems: Problems): Map<string, string> => {
  const uplinks = new Map<string, string>();
  for (const [name, site] of Object.entries(sites)) {
    const uplink = site?.uplink;
    if (uplink === undefined) continue;
    const path = ['sites', name, 'uplink'];
    const others = Object.keys(sites).filter((other) => other !== name && isLan(other));
    const choice = others.length > 0 ? `there ${others.length === 1 ? 'is' : 'are'} ${listWords(others)}` : 'no other site has a LAN';
    if (!isLan(name)) {
      const hint = 'add "nat" and "subnet", or remove "uplink": nodes without a LAN sit on the internet';
      problems.errorAtKey('TOPO062', path, `site ${quote(name)} has an uplink but no router`, hint);
    } else if (uplink === name || !Object.hasOwn(sites, uplink)) {
      const message = uplink === name ? `site ${quote(name)} is its own uplink` : `there is no site ${quote(uplink)}`;
      problems.error('TOPO062', path, message, `${suggest(uplink, others)}${choice}`);
    } else if (!isLan(uplink)) {
      problems.error(
        'TOPO062',
        path,
        `site ${quote(uplink)} has no LAN that a router could be in`,
        `${choice}; without "uplink" the router is on the internet`,
      );
    } else uplinks.set(name, uplink);
  }
  breakCircles(uplinks, problems);
  return uplinks;
};

/** Every site in a circle is reported at the first of them, and the circle is opened there. */
const breakCircles = (uplinks: Map<string, string>, problems: Problems): void => {
  for (const name of [...uplinks.keys()]) {
    const way = [name];
    for (let next = uplinks.get(name); next !== undefined && !way.includes(next); next = uplinks.get(next)) way.push(next);
    if (uplinks.get(way.at(-1)!) !== name) continue;
    const circle = [...way, name].map(quote).join(' -> ');
    problems.error(
      'TOPO063',
      ['sites', name, 'uplink'],
      `the uplinks go in a circle: ${circle}`,
      'one of these sites is on the internet: remove its "uplink"',
    );
    uplinks.delete(name);
  }
};
