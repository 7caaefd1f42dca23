/** Addresses that nodes ask for by `address6`: in their segment, and nobody else's. */
import type { Path } from '../lib/document.ts';
import { contains } from '../lib/ip.ts';
import { formatIpv6, parseIpv6 } from '../lib/ipv6.ts';
import type { LabNode, Site } from '../model/lab.ts';
import { type Problems, quote } from './problems.ts';
import type { LooseTopology } from './shape.ts';
import type { Segment6 } from './subnets6.ts';

type Segments = { internet: Segment6; lans: ReadonlyMap<string, Segment6> };
type Holder = { address: string; who: string };

/** Writes `address6` of such nodes in place, in the spelling of RFC 5952. Reports TOPO026, TOPO027, TOPO028 and TOPO151. */
export const claimAddresses6 = (raw: LooseTopology, { internet, lans }: Segments, sites: readonly Site[], problems: Problems): void => {
  for (const site of sites) {
    const wire = site.lan ? lans.get(site.name) : internet;
    for (const node of site.nodes) {
      const written = raw.sites?.[site.name]?.nodes?.[node.name]?.address6;
      const path = ['sites', site.name, 'nodes', node.name, 'address6'];
      if (written === undefined || !wire || node.address6 === undefined) continue;
      const value = readAddress6(written, wire, path, problems);
      if (value === undefined) continue;
      node.address6 = formatIpv6(value);
      const other = holdersBeside(site, node, wire, sites, problems).find(({ address }) => address === node.address6);
      if (other)
        problems.error('TOPO027', path, `${quote(written)} is the address of ${other.who}`, 'leave "address6" out, or choose another');
    }
  }
};

const readAddress6 = (text: string, { subnet }: Segment6, path: Path, problems: Problems): bigint | undefined => {
  const value = parseIpv6(text);
  if (value === undefined) {
    const hint = text.includes('/') ? 'without a prefix length: the subnet says it' : `e.g. ${formatIpv6(subnet.network + 0x50n)}`;
    problems.error('TOPO151', path, `${quote(text)} is not an IPv6 address`, hint);
  } else if (!contains(subnet, value)) {
    problems.error('TOPO026', path, `${quote(text)} is outside ${subnet.cidr}`, `e.g. ${formatIpv6(subnet.network + 0x50n)}`);
  } else if (value === subnet.network) {
    const hint = 'it means any router of the subnet (RFC 4291 section 2.6.1)';
    problems.error('TOPO028', path, `${quote(text)} is the first address of ${subnet.cidr}, which no host can have`, hint);
  } else return value;
  return undefined;
};

/** Everybody else on the wire of a node. */
const holdersBeside = (site: Site, node: LabNode, { subnet }: Segment6, sites: readonly Site[], problems: Problems): Holder[] => {
  const here = site.lan ? site.name : undefined;
  const neighbours = site.lan ? [site] : sites.filter(({ lan }) => !lan);
  return [
    {
      address: site.lan?.ipv6?.lan ?? formatIpv6(subnet.network + 1n),
      who: site.lan ? `the router of site ${site.name}` : 'the core router',
    },
    ...sites.flatMap(({ name, lan }) =>
      lan?.ipv6 && lan.router.uplink === here ? [{ address: lan.ipv6.wan, who: `the router of site ${name}` }] : [],
    ),
    ...neighbours.flatMap(({ name, nodes }) =>
      nodes.flatMap((one) =>
        one.name === node.name || one.address6 === undefined
          ? []
          : [{ address: one.address6, who: `node ${one.name} (${problems.line(['sites', name, 'nodes', one.name])})` }],
      ),
    ),
  ];
};
