/** Subnets that one routing table must hold side by side: internet, pods, Services, and the LANs that meet them. */
import { overlaps, parseSubnet, type Subnet, subnetOf } from '../lib/ip.ts';
import type { Path } from '../lib/document.ts';
import { hasOwnRange } from '../lib/pod-network.ts';
import type { Install } from '../model/install.ts';
import { privatePrefixes, translates } from '../nat/nat.ts';
import { type Problems, quote } from './problems.ts';
import type { InternetSegment, ResolvedSites } from './resolve-sites.ts';
import { isBroken, type LooseTopology } from './shape.ts';
import { checkApart, readSubnet, type Routed } from './subnets.ts';

/** LANs may overlap each other: nobody routes between them, and that is what a NAT is for. */
export const checkRouting = (
  raw: LooseTopology,
  install: Install,
  internet: InternetSegment,
  sites: ResolvedSites,
  problems: Problems,
): void => {
  const isDefault = raw.internet?.subnet === undefined;
  const outside = internet && { title: 'the internet', subnet: internet.segment.subnet, path: internet.path, isDefault };
  const { flannel } = install;
  const network = flannel?.etcd && readNetwork(raw, flannel.etcd.network, problems);
  const cluster = network ? [network] : install.kubernetes ? readClusterSubnets(raw, install, install.kubernetes, sites, problems) : [];
  const seen: Routed[] = outside ? [outside] : [];
  for (const subnet of cluster) {
    checkApart(subnet, seen, problems);
    seen.push(subnet);
  }
  const clustered = new Set(
    sites.nodes.flatMap(({ site, role, runtime }) => (role === 'host' && (runtime === undefined || !network) ? [] : [site])),
  );
  for (const [index, lan] of sites.lans.entries()) {
    const mine = asRouted(lan);
    // Without Kubernetes nodes in it, a LAN never sees a pod or Service address.
    const others = clustered.has(lan.site) ? seen : seen.filter((other) => other === outside);
    // Its router holds its own subnet beside those of all LANs it is in.
    const uplinks = lan.uplinks.flatMap((uplink) => sites.lans.filter(({ site }) => site === uplink).map(asRouted));
    checkApart(mine, [...others, ...uplinks, ...seenBeside(lan, sites.lans.slice(0, index))], problems);
    for (const [number, uplink] of uplinks.entries()) checkBetween(lan, uplink, uplinks.slice(0, number), problems);
    checkCarried(lan, sites.lans, problems);
  }
};

/** What flannel gives hosts their subnets from: a /24 each, flannel's own default. */
const readNetwork = (raw: LooseTopology, text: string, problems: Problems): Routed | undefined => {
  const isDefault = typeof raw.install?.flannel !== 'object' || raw.install.flannel.network === undefined;
  const path = ['install', 'flannel', ...(isDefault ? [] : ['network'])];
  const subnet = isDefault ? parseSubnet(text) : readSubnet(text, path, problems);
  if (!subnet) return undefined;
  if (subnet.prefix > 22) {
    const message = `${quote(subnet.cidr)} cannot be flannel's network`;
    problems.error(
      'TOPO041',
      path,
      message,
      'its prefix length is at most 22: each host gets a /24 of it, and the first and last are kept free',
    );
  }
  return { title: "flannel's network", subnet, path, isDefault };
};

type Lan = ResolvedSites['lans'][number];

const asRouted = ({ site, subnet, path }: Lan): Routed => ({ title: `the LAN of ${site}`, subnet, path, isDefault: false });

/** Two uplinks with the same addresses cannot be told apart by the router between them. */
const checkBetween = ({ site }: Lan, uplink: Routed, others: readonly Routed[], problems: Problems): void => {
  const other = others.find(({ subnet }) => overlaps(uplink.subnet, subnet));
  if (!other) return;
  const message = `${uplink.title} ${quote(uplink.subnet.cidr)} overlaps ${other.title} ${other.subnet.cidr}, and both are uplinks of ${site}`;
  problems.error('TOPO023', ['sites', site, 'uplinks'], message, 'give one of them another subnet');
};

/** A router that does not translate shows its LAN to the segment it is on, where it must be unique. */
const seenBeside = (lan: Lan, before: readonly Lan[]): Routed[] =>
  translates(lan.nat) ? [] : before.filter(({ nat, uplinks }) => !translates(nat) && uplinks[0] === lan.uplinks[0]).map(asRouted);

/** Private addresses that no router on the way out translates never come back. */
const checkCarried = (lan: Lan, lans: readonly Lan[], problems: Problems): void => {
  let way: Lan | undefined = lan;
  while (way && !translates(way.nat)) {
    const [uplink]: Lan['uplinks'] = way.uplinks;
    if (uplink === undefined) break;
    way = lans.find(({ site }) => site === uplink);
  }
  if (!way || translates(way.nat) || !privatePrefixes.some((prefix) => overlaps(subnetOf(prefix), lan.subnet))) return;
  const hint = 'choose a NAT, or a subnet that is not private, e.g. 45.78.0.0/24';
  problems.error('TOPO068', lan.path, `the LAN of ${lan.site} is private (${lan.subnet.cidr}) and nothing translates it`, hint);
};

const readClusterSubnets = (
  raw: LooseTopology,
  install: Install,
  { podSubnet, serviceSubnet }: NonNullable<Install['kubernetes']>,
  sites: ResolvedSites,
  problems: Problems,
): Routed[] => {
  const written = typeof raw.install?.kubernetes === 'object' ? raw.install.kubernetes : undefined;
  const read = (
    key: 'pod-subnet' | 'service-subnet',
    text: string,
    title: string,
    check: (subnet: Subnet, path: Path) => void,
  ): Routed[] => {
    const isDefault = written?.[key] === undefined;
    const path = isDefault ? ['install', 'kubernetes'] : ['install', 'kubernetes', key];
    if (isBroken(written, key)) return [];
    const subnet = isDefault ? parseSubnet(text) : readSubnet(text, path, problems);
    if (!subnet) return [];
    check(subnet, path);
    return [{ title, subnet, path, isDefault }];
  };
  const members = sites.nodes.filter(({ role }) => role !== 'host').length;
  return [
    ...read('pod-subnet', podSubnet, 'the pod subnet', (subnet, path) =>
      checkPodSubnet(subnet, members, hasOwnRange(install), path, problems),
    ),
    ...read('service-subnet', serviceSubnet, 'the service subnet', (subnet, path) => checkServiceSubnet(subnet, path, problems)),
  ];
};

/** kubeadm: each node gets a /24, and the subnet is at most 16 bits wider than that; `halved` where its upper half is not handed out so. */
const checkPodSubnet = (subnet: Subnet, members: number, halved: boolean, path: Path, problems: Problems): void => {
  const room = 2 ** (24 - subnet.prefix) / (halved ? 2 : 1);
  if (subnet.prefix < 8 || subnet.prefix > 24) {
    problems.error(
      'TOPO041',
      path,
      `${quote(subnet.cidr)} cannot be the pod subnet`,
      'its prefix length is from 8 to 24: each node gets a /24 of it',
    );
  } else if (members > room) {
    const half = halved ? ' of its lower half' : '';
    const message = `${quote(subnet.cidr)} is too small: each node gets a /24${half}, which makes ${Math.floor(room)}, and the cluster has ${members} nodes`;
    problems.error('TOPO022', path, message, 'the default is 10.244.0.0/16');
  }
};

/** kubeadm: at most 20 host bits, and at least ten addresses. */
const checkServiceSubnet = (subnet: Subnet, path: Path, problems: Problems): void => {
  if (subnet.prefix >= 12 && subnet.prefix <= 28) return;
  problems.error('TOPO041', path, `${quote(subnet.cidr)} cannot be the service subnet`, 'its prefix length is from 12 to 28');
};
