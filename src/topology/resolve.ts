/** From the raw topology to the lab: names bound, defaults filled in, addresses assigned, and every rule checked on the way. */
import { contains, countHosts, formatIpv4, hostAt, parseIpv4, parseSubnet, specialUse } from '../lib/ip.ts';
import type { Ipv4 } from '../model/address.ts';
import type { Internet, Lab } from '../model/lab.ts';
import { checkEdgemesh, placeRelays } from './check-edgemesh.ts';
import { checkFabedge, placeConnector } from './check-fabedge.ts';
import { checkFlannel, placeEtcd } from './check-flannel.ts';
import { checkInstall } from './check-install.ts';
import { checkNames, coreName } from './check-names.ts';
import { checkPodNetwork } from './check-pod-network.ts';
import { checkRegistry, placeRegistry } from './check-registry.ts';
import { checkRouting } from './check-routing.ts';
import { type Problems, quote } from './problems.ts';
import { resolveFaults } from './resolve-faults.ts';
import { resolveInstall } from './resolve-install.ts';
import { resolveIpv6 } from './resolve-ipv6.ts';
import { resolveLinks } from './resolve-links.ts';
import { resolveSiteLinks } from './resolve-site-links.ts';
import { type InternetSegment, resolveSites, type ResolvedSites } from './resolve-sites.ts';
import { resolveWorkloads } from './resolve-workloads.ts';
import { makeSegment } from './segment.ts';
import { isBroken, type LooseTopology } from './shape.ts';
import { readSubnet } from './subnets.ts';

/** Looks public to libp2p, whose hole punching needs that; nothing of it leaves the lab. */
const defaultInternet = '45.77.0.0/24';

/** The lab as far as it can be understood; it is worth something only if no error was reported. */
export const resolveLab = (raw: LooseTopology, problems: Problems): Lab => {
  checkNames(raw, problems);
  const internet = readInternet(raw, problems);
  const sites = resolveSites(raw, internet, problems);
  checkPopulated(sites, problems);
  const install = [placeRelays, placeConnector, placeEtcd, placeRegistry].reduce(
    (placed, place) => place(placed, sites),
    resolveInstall(raw, problems),
  );
  checkInstall(raw, install, sites, problems);
  checkFlannel(raw, install, sites, problems);
  checkPodNetwork(install, sites, problems);
  checkRegistry(raw, install, sites, problems);
  checkEdgemesh(raw, install, sites, problems);
  checkFabedge(raw, install, sites, problems);
  checkRouting(raw, install, internet, sites, problems);
  const workloads = resolveWorkloads(raw, install, sites, problems);
  const links = resolveSiteLinks(raw, sites.sites, problems);
  const faults = resolveFaults(raw, sites.sites, problems);
  const ipv4 = {
    internet: describeInternet(internet, freeAddress(internet, install, sites)),
    sites: resolveLinks(raw, sites.sites, problems),
  };
  return {
    name: raw.name ?? '',
    ...resolveIpv6(raw, ipv4, sites.nodes, problems),
    ...(links.length > 0 && { links }),
    install,
    workloads,
    ...(faults.length > 0 && { faults }),
  };
};

const readInternet = (raw: LooseTopology, problems: Problems): InternetSegment => {
  if (isBroken(raw, 'internet') || isBroken(raw.internet, 'subnet')) return undefined;
  const written = raw.internet?.subnet;
  const path = written === undefined ? ['sites'] : ['internet', 'subnet'];
  const subnet = readSubnet(written ?? defaultInternet, path, problems);
  if (!subnet) return undefined;
  const special = specialUse(subnet);
  if (special) {
    const hint = `libp2p does not take these for public and never punches holes; ${defaultInternet}, the default, looks public`;
    problems.warning('TOPO024', path, `internet subnet ${quote(subnet.cidr)} is set aside for ${special.use}`, hint);
  }
  if (countHosts(subnet) < 1) {
    problems.error('TOPO022', path, `${quote(subnet.cidr)} is too small for an internet`, `${defaultInternet} is the default`);
    return undefined;
  }
  return { segment: makeSegment(subnet, 'the core router'), path };
};

/** An address of no segment of the lab, for the STUN server, which needs two: the first from TEST-NET-1 on. */
const freeAddress = (internet: InternetSegment, { kubernetes }: Lab['install'], { lans }: ResolvedSites): Ipv4 => {
  const cluster = kubernetes ? [kubernetes.podSubnet, kubernetes.serviceSubnet].flatMap((cidr) => parseSubnet(cidr) ?? []) : [];
  const taken = [...(internet ? [internet.segment.subnet] : []), ...lans.map(({ subnet }) => subnet), ...cluster];
  let address = parseIpv4('192.0.2.1') ?? 0;
  const holder = () => taken.find((subnet) => contains(subnet, address));
  for (let met = holder(); met !== undefined; met = holder()) address = met.broadcast + 2;
  return formatIpv4(address);
};

const describeInternet = (internet: InternetSegment, otherAddress: Ipv4): Internet => {
  const subnet = internet?.segment.subnet;
  const first = subnet && hostAt(subnet, 1);
  return { subnet: subnet?.cidr ?? '', core: { name: coreName, address: first === undefined ? '' : formatIpv4(first), otherAddress } };
};

const checkPopulated = ({ nodes, complete }: ResolvedSites, problems: Problems): void => {
  if (nodes.length > 0 || !complete) return;
  problems.errorAtKey(
    'TOPO009',
    ['sites'],
    'the lab has no node',
    'add a site with nodes, e.g. "cloud: { nodes: { cloud: { role: host } } }"',
  );
};
