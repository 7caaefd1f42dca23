/** What every picture of a lab shows, before any syntax: boxes in areas, joined by lines. */
import { describeNat } from '../../lib/nat-words.ts';
import { listWays } from '../../lib/outside.ts';
import type { Lab, LabNode, Site, SiteLink, SiteLinkEnd } from '../../model/lab.ts';

/** `core` is the router in the middle of the internet, `router` that of a LAN. */
export type BoxKind = 'core' | 'router' | LabNode['role'];

/** A container of the lab. */
export type Box = {
  /** Unique in the sketch: the container's name. */
  id: string;
  kind: BoxKind;
  /** First the name, then what else there is to say; no markup. */
  lines: [string, ...string[]];
};

/** A frame around boxes: the internet, a site on it (`public`, inside the internet's frame), or a LAN. `id` is unique in the sketch. */
export type Area = { id: string; kind: 'internet' | 'public' | 'lan'; title: string; boxes: Box[]; areas: Area[] };

/** A wire between two boxes; `label` stands beside it. */
export type Wire = { from: string; to: string; label?: string };

/** The internet is the first area; LANs follow in the order of the topology. */
export type Sketch = { title: string; areas: Area[]; wires: Wire[] };

const roleWords: Record<LabNode['role'], string> = { 'control-plane': 'control plane', worker: 'worker', edge: 'edge', host: 'host' };

/** Nodes, addresses and NATs only: what is installed does not show. A site on the internet without nodes is left out. */
export function sketchLab({ name, internet, sites, links = [] }: Lab): Sketch {
  const { core } = internet;
  const area: Area = {
    id: 'internet',
    kind: 'internet',
    title: `internet ${both(internet.subnet, internet.ipv6?.subnet)}`,
    boxes: [{ id: core.name, kind: 'core', lines: [core.name, 'gateway, DNS', core.address, ...some(internet.ipv6?.address)] }],
    areas: sites.filter(({ lan, nodes }) => !lan && nodes.length > 0).map(sketchPublicSite),
  };
  return {
    title: name,
    areas: [area, ...sites.flatMap((site) => (site.lan ? [sketchLan(site, site.lan)] : []))],
    wires: [...sites.flatMap((site) => sketchWires(site, sites, core.name)), ...links.map((link) => sketchLink(link, sites))],
  };
}

const sketchLink = ({ ends: [one, other] }: SiteLink, sites: readonly Site[]): Wire => {
  const routerOf = ({ site }: SiteLinkEnd): string => sites.find(({ name }) => name === site)?.lan?.router.name ?? site;
  return { from: routerOf(one), to: routerOf(other), label: `${one.site} to ${other.site}` };
};

const some = (text: string | undefined): string[] => (text === undefined ? [] : [text]);
const both = (ipv4: string, ipv6: string | undefined): string => [ipv4, ...some(ipv6)].join(', ');

const sketchNode = ({ name, role, address, address6 }: LabNode): Box => ({
  id: name,
  kind: role,
  lines: [name, roleWords[role], address, ...some(address6)],
});

const sketchPublicSite = ({ name, nodes }: Site): Area => ({
  id: `site-${name}`,
  kind: 'public',
  title: name,
  boxes: nodes.map(sketchNode),
  areas: [],
});

const sketchLan = ({ name, nodes }: Site, { subnet, router, ipv6 }: NonNullable<Site['lan']>): Area => ({
  id: `site-${name}`,
  kind: 'lan',
  title: `${name} ${both(subnet, ipv6?.subnet)}`,
  boxes: [
    {
      id: router.name,
      kind: 'router',
      lines: [
        router.name,
        ...(router.nat.kind === 'none' ? [] : [`NAT: ${router.natName}`]),
        describeNat(router.nat),
        router.lan,
        ...(ipv6 ? [describeNat(ipv6.behaviour), ipv6.lan] : []),
      ],
    },
    ...nodes.map(sketchNode),
  ],
  areas: [],
});

/** A LAN hangs on the internet's core, or on the router of each site it has an uplink in. */
const sketchWires = ({ nodes, lan }: Site, sites: readonly Site[], core: string): Wire[] =>
  lan
    ? [
        ...listWays(lan.router).map(({ uplink, wan }) => ({
          from: sites.find(({ name }) => name === uplink)?.lan?.router.name ?? core,
          to: lan.router.name,
          label: wan === lan.router.wan ? both(wan, lan.ipv6?.wan) : wan,
        })),
        ...nodes.map(({ name }) => ({ from: lan.router.name, to: name })),
      ]
    : nodes.map(({ name }) => ({ from: core, to: name }));
