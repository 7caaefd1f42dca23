/** Where IPv6 can be: on LANs of hosts, behind one uplink that has it too, with prefixes that routing tells apart. */
import { runsContainers } from '../lib/containers.ts';
import type { Path } from '../lib/document.ts';
import { overlaps } from '../lib/ip.ts';
import { isUniqueLocal, type Subnet6 } from '../lib/ipv6.ts';
import { listWords } from '../lib/names.ts';
import type { Site } from '../model/lab.ts';
import { type Problems, quote } from './problems.ts';
import type { PlacedNode } from './resolve-sites.ts';
import type { LooseTopology } from './shape.ts';
import type { Segment6 } from './subnets6.ts';

/** Words about IPv6 that lead nowhere, and LANs that cannot have it: what runs containers stays with IPv4. */
export const checkIpv6Words = (raw: LooseTopology, sites: readonly Site[], placed: readonly PlacedNode[], problems: Problems): void => {
  const written = raw.sites ?? {};
  const has = (name: string, key: string): boolean => Object.hasOwn(written[name] ?? {}, key);
  const somewhere = sites.some(({ name, lan }) => lan && has(name, 'subnet6')) || Object.hasOwn(raw.internet ?? {}, 'subnet6');
  for (const { name, lan, nodes } of sites) {
    const at = (key: string): Path => ['sites', name, key];
    if (has(name, 'subnet6') && !lan) {
      const hint = 'add "subnet" and "nat" for its router; on the internet, nodes have IPv6 by "internet: { subnet6: 2001:db8::/64 }"';
      problems.errorAtKey('TOPO152', at('subnet6'), `site ${quote(name)} has no LAN for an IPv6 subnet`, hint);
    }
    for (const key of ['prefix6', 'firewall6'])
      if (has(name, key) && !has(name, 'subnet6'))
        problems.errorAtKey('TOPO152', at(key), `site ${quote(name)} has no IPv6 for "${key}"`, 'add e.g. "subnet6: 2001:db8:a::/64"');
    const dual = lan ? has(name, 'subnet6') : somewhere;
    for (const node of nodes) {
      if (!Object.hasOwn(written[name]?.nodes?.[node.name] ?? {}, 'address6') || (dual && (lan || !runsContainers(node)))) continue;
      const path = [...at('nodes'), node.name, 'address6'];
      const why = dual ? 'runs containers, which stays with IPv4' : `is on a segment without IPv6`;
      const hint = lan ? 'add e.g. "subnet6: 2001:db8:a::/64" to its site' : 'add "subnet6" to "internet", for hosts without containers';
      problems.errorAtKey('TOPO152', path, `node ${quote(node.name)} ${why}`, hint);
    }
    if (!lan || !has(name, 'subnet6')) continue;
    const heavy = placed.filter((node) => node.site === name && runsContainers(node));
    if (heavy.length > 0) {
      const who = listWords(heavy.map((node) => node.name));
      const message = `site ${quote(name)} cannot have IPv6: ${who} ${heavy.length === 1 ? 'runs' : 'run'} containers, and Kubernetes labs are IPv4 only`;
      problems.errorAtKey('TOPO153', at('subnet6'), message, 'remove "subnet6", or put its hosts into a site of their own');
    }
    if (lan.router.backups)
      problems.errorAtKey(
        'TOPO154',
        at('subnet6'),
        `site ${quote(name)} has several uplinks, which are for IPv4 only`,
        'remove "subnet6", or leave one uplink',
      );
  }
};

type Routing = { internet: Segment6; lans: ReadonlyMap<string, Segment6>; prefixes: ReadonlyMap<string, Subnet6> };

/**
 * Prefixes must not overlap as others see them, which is by `prefix6` where it is written; a private LAN (RFC 4193) needs a
 * `prefix6`. Reports TOPO023, TOPO068, TOPO154 and TOPO155.
 */
export const checkIpv6Routing = (
  raw: LooseTopology,
  { internet, lans, prefixes }: Routing,
  sites: readonly Site[],
  problems: Problems,
): void => {
  const seen: { title: string; subnet: Subnet6; line: string }[] = [
    { title: 'the internet', subnet: internet.subnet, line: internet.path[0] === 'sites' ? 'the default' : problems.line(internet.path) },
  ];
  for (const [name, { subnet, path }] of lans) {
    const router = sites.find((site) => site.name === name)?.lan?.router;
    // Of several uplinks it was said already that there is one too many.
    const uplink = router?.backups ? undefined : router?.uplink;
    const prefix = prefixes.get(name);
    if (uplink !== undefined && !Object.hasOwn(raw.sites?.[uplink] ?? {}, 'subnet6')) {
      const hint = `add e.g. "subnet6: 2001:db8:b::/64" to site ${uplink}`;
      problems.error('TOPO154', path, `the router of ${name} is in the LAN of ${uplink}, which has no IPv6`, hint);
    }
    if (uplink !== undefined && prefixes.has(uplink))
      problems.error('TOPO154', path, `the router of ${uplink} exchanges the prefix of its own LAN only`, 'remove its "prefix6"');
    if (isUniqueLocal(subnet) && !prefix) {
      const hint = 'add e.g. "prefix6: 2001:db8:a::/64", or choose a subnet that is not in fc00::/7';
      problems.error('TOPO068', path, `the IPv6 LAN of ${name} is private (${subnet.cidr}) and nothing translates it`, hint);
    }
    if (prefix) checkPrefix(name, prefix, subnet, problems);
    const shown = prefix ? { subnet: prefix, path: ['sites', name, 'prefix6'] } : { subnet, path };
    const other = seen.find((one) => overlaps(one.subnet, shown.subnet));
    if (other) {
      const message = `the IPv6 prefix of ${name} ${quote(shown.subnet.cidr)} overlaps ${other.title} ${other.subnet.cidr} (${other.line})`;
      problems.error('TOPO023', shown.path, message, 'choose one that shares no address with it');
    }
    seen.push({ title: `that of ${name}`, subnet: shown.subnet, line: problems.line(shown.path) });
    if (prefix && overlaps(subnet, internet.subnet))
      problems.error(
        'TOPO023',
        path,
        `the IPv6 LAN of ${name} overlaps the internet ${internet.subnet.cidr}`,
        'choose one that shares no address with it',
      );
  }
};

const checkPrefix = (name: string, prefix: Subnet6, subnet: Subnet6, problems: Problems): void => {
  const path = ['sites', name, 'prefix6'];
  if (prefix.prefix !== subnet.prefix)
    problems.error('TOPO155', path, `${quote(prefix.cidr)} is not as long as the LAN's ${subnet.cidr}`, `write a /${subnet.prefix}`);
  else if (isUniqueLocal(prefix))
    problems.error('TOPO155', path, `${quote(prefix.cidr)} is private, which the internet does not carry`, 'e.g. 2001:db8:a::/64');
};
