/** `links:` of a topology: lines of their own between the routers of two sites, with conditions. */
import type { Path } from '../lib/document.ts';
import { overlaps, parseSubnet } from '../lib/ip.ts';
import { suggest, thereAre } from '../lib/names.ts';
import type { Site, SiteLink } from '../model/lab.ts';
import { translates } from '../nat/nat.ts';
import { type Problems, quote } from './problems.ts';
import { readLink } from './resolve-links.ts';
import type { LooseTopology } from './shape.ts';

/** Each link has the two addresses of a /30 from 169.254.0.0/16 (RFC 3927), which no site has. */
const linkAddresses = (number: number): [string, string] => {
  const first = 4 * number + 1;
  return [first, first + 1].map((host) => `169.254.${host >> 8}.${host & 255}`) as [string, string];
};

/**
 * In the file's order. The end of a router's nth link is its device `peer0`, `peer1`, … Reports TOPO023, TOPO124 and what
 * `readLink` does; a link without two proper ends is left out.
 */
export const resolveSiteLinks = (raw: LooseTopology, sites: readonly Site[], problems: Problems): SiteLink[] => {
  const lines: SiteLink[] = [];
  const used = new Map<string, number>();
  const device = (site: string): string => {
    const number = used.get(site) ?? 0;
    used.set(site, number + 1);
    return `peer${number}`;
  };
  for (const [index, written] of (raw.links ?? []).entries()) {
    if (!written) continue;
    const path = ['links', index];
    const { between, ...conditions } = written;
    const ends = between && bindEnds(between, [...path, 'between'], { sites, lines, problems });
    const link = readLink(conditions, path, problems);
    if (!ends || !link) continue;
    const [one, other] = ends;
    const [near, far] = linkAddresses(lines.length);
    lines.push({
      name: `${one}.${other}`,
      ends: [
        { site: one, device: device(one), address: near },
        { site: other, device: device(other), address: far },
      ],
      conditions: link,
    });
  }
  return lines;
};

type Context = { sites: readonly Site[]; lines: readonly SiteLink[]; problems: Problems };

const bindEnds = (between: readonly (string | undefined)[], path: Path, context: Context): [string, string] | undefined => {
  const { sites, lines, problems } = context;
  if (between.includes(undefined)) return undefined;
  const [one = '', other = '', ...more] = between as string[];
  if (between.length < 2 || more.length > 0 || one === other) {
    problems.error('TOPO124', path, 'a link is between two sites', 'for example "between: [eu, us]"');
    return undefined;
  }
  const usable = [one, other].map((name, index) => isUsable(name, [...path, index], context));
  if (usable.includes(false)) return undefined;
  if (lines.some(({ ends }) => ends.every(({ site }) => site === one || site === other))) {
    problems.error('TOPO124', path, `there is a link between ${quote(one)} and ${quote(other)} already`, 'say all of it in one place');
    return undefined;
  }
  const [here, there] = [one, other].map((name) => parseSubnet(sites.find((site) => site.name === name)?.lan?.subnet ?? ''));
  if (here && there && overlaps(here, there)) {
    problems.error(
      'TOPO023',
      path,
      `the LANs of ${one} and ${other} overlap: ${here.cidr}, ${there.cidr}`,
      'give one of them another subnet',
    );
    return undefined;
  }
  return [one, other];
};

const isUsable = (name: string, path: Path, { sites, problems }: Context): boolean => {
  const site = sites.find((one) => one.name === name);
  const known = sites.filter(({ lan }) => lan && !translates(lan.router.nat)).map((one) => one.name);
  const choice = known.length > 0 ? thereAre(known) : 'no site has a router without NAT';
  if (site?.lan && !translates(site.lan.router.nat)) return true;
  const why = !site
    ? `there is no site ${quote(name)}`
    : site.lan
      ? `site ${quote(name)} is translated, so nothing is sent to its addresses`
      : `site ${quote(name)} has no router that a link could end at`;
  problems.error('TOPO124', path, why, `${suggest(name, known)}a link is between sites with "nat: none" or "nat: firewall": ${choice}`);
  return false;
};
