/** The second family of a lab: every machine has the number in its IPv6 subnet that it has in its IPv4 one, unless it says otherwise. */
import { runsContainers } from '../lib/containers.ts';
import { parseIpv4, subnetOf } from '../lib/ip.ts';
import { formatIpv6, parseSubnet6, type Subnet6 } from '../lib/ipv6.ts';
import type { Ipv4, Ipv6 } from '../model/address.ts';
import type { Internet, LabNode, Site } from '../model/lab.ts';
import type { Ipv6Behaviour, NatBehaviour } from '../model/nat.ts';
import { commonTimeouts } from '../nat/nat.ts';
import { claimAddresses6 } from './addresses6.ts';
import { checkIpv6Routing, checkIpv6Words } from './check-ipv6.ts';
import type { Problems } from './problems.ts';
import type { PlacedNode } from './resolve-sites.ts';
import type { LooseTopology } from './shape.ts';
import { readSubnet6, roomFor6, type Segment6 } from './subnets6.ts';

type Families = { internet: Internet; sites: Site[] };
type RawSite = NonNullable<NonNullable<LooseTopology['sites']>[string]>;

/** Of the documentation prefix (RFC 3849), as no lab is on the internet. */
const defaultInternet6 = '2001:db8::/64';

/** As they were where the topology has no IPv6 subnet, or the internet's cannot be used. */
export const resolveIpv6 = (raw: LooseTopology, ipv4: Families, placed: readonly PlacedNode[], problems: Problems): Families => {
  checkIpv6Words(raw, ipv4.sites, placed, problems);
  const written = raw.sites ?? {};
  const lans = new Map(
    ipv4.sites.flatMap(({ name, lan }): [string, Segment6][] => {
      const path = ['sites', name, 'subnet6'];
      const subnet = lan && readSubnet6(written[name]?.subnet6, path, problems);
      return lan && subnet && roomFor6(subnet, lan.subnet, path, problems) ? [[name, { subnet, ipv4: lan.subnet, path }]] : [];
    }),
  );
  const prefixes = new Map(
    [...lans].flatMap(([name]) => {
      const prefix = readSubnet6(written[name]?.prefix6, ['sites', name, 'prefix6'], problems);
      return prefix ? [[name, prefix] as const] : [];
    }),
  );
  const internet = readInternet6(raw, ipv4.internet, lans.size > 0, problems);
  if (!internet) return ipv4;
  checkIpv6Routing(raw, { internet, lans, prefixes }, ipv4.sites, problems);
  const outsideOf = (uplink: string | undefined): Segment6 | undefined => (uplink === undefined ? internet : lans.get(uplink));
  const sites = ipv4.sites.map((site): Site => {
    const own = lans.get(site.name);
    const wire = site.lan ? own : internet;
    const nodes = site.nodes.map((node): LabNode => {
      const address6 = wire && !runsContainers(node) ? placeNode(node, written[site.name], wire) : undefined;
      return address6 === undefined ? node : { ...node, address6 };
    });
    if (!site.lan || !own) return { ...site, nodes };
    const { router } = site.lan;
    const outside = outsideOf(router.uplink);
    const behaviour = readBehaviour(written[site.name], site.lan.router.nat, prefixes.get(site.name));
    const ipv6 = {
      subnet: own.subnet.cidr,
      wan: outside ? sameNumber(router.wan, outside) : '',
      lan: sameNumber(router.lan, own),
      behaviour,
    };
    return { ...site, nodes, lan: { ...site.lan, ipv6 } };
  });
  claimAddresses6(raw, { internet, lans }, sites, problems);
  const address = sameNumber(ipv4.internet.core.address, internet);
  const otherAddress = freeAddress6([internet.subnet, ...[...lans.values()].map(({ subnet }) => subnet), ...prefixes.values()]);
  return { internet: { ...ipv4.internet, ipv6: { subnet: internet.subnet.cidr, address, otherAddress } }, sites };
};

const readInternet6 = (raw: LooseTopology, { subnet: ipv4 }: Internet, wanted: boolean, problems: Problems): Segment6 | undefined => {
  const text = raw.internet?.subnet6;
  if (text === undefined && !wanted) return undefined;
  const path = text === undefined ? ['sites'] : ['internet', 'subnet6'];
  const subnet = text === undefined ? parseSubnet6(defaultInternet6) : readSubnet6(text, path, problems);
  return subnet && roomFor6(subnet, ipv4, path, problems) ? { subnet, ipv4, path } : undefined;
};

/** The address with the number that this one has in the IPv4 subnet; none where IPv4 itself could not be settled. */
const sameNumber = (address: Ipv4, { subnet, ipv4 }: Segment6): Ipv6 => {
  const value = parseIpv4(address);
  return value === undefined || ipv4 === '' ? '' : formatIpv6(subnet.network + BigInt(value - subnetOf(ipv4).network));
};

/** As it says, or by number; what it says is held against the others later. */
const placeNode = ({ name, address }: LabNode, site: RawSite | undefined, wire: Segment6): Ipv6 =>
  site?.nodes?.[name]?.address6 ?? sameNumber(address, wire);

const readBehaviour = (site: RawSite | undefined, nat: NatBehaviour, prefix: Subnet6 | undefined): Ipv6Behaviour => {
  const written = site?.firewall6;
  const { filtering, inbound, udp } = typeof written === 'string' ? { filtering: written } : (written ?? {});
  return {
    kind: 'ipv6',
    filtering: filtering ?? 'address-and-port-dependent',
    ...(prefix && { prefix: prefix.cidr }),
    timeouts: nat.kind === 'none' ? commonTimeouts : nat.timeouts,
    ...(inbound !== undefined && { inbound }),
    ...(udp !== undefined && { blocksUdp: udp === 'block' }),
  };
};

/** For the STUN server: the first of 3fff::/20 (RFC 9637) that is in no subnet of the lab. */
const freeAddress6 = (taken: readonly Subnet6[]): Ipv6 => {
  let address = 0x3fff_0000_0000_0000_0000_0000_0000_0001n;
  const holder = () => taken.find(({ network, broadcast }) => network <= address && address <= broadcast);
  for (let met = holder(); met; met = holder()) address = met.broadcast + 2n;
  return formatIpv6(address);
};
