/** The resolved lab: what a topology means once every short form is expanded and every name is bound. */
import type { Cidr, Ipv4, Ipv6 } from './address.ts';
import type { TimedFault } from './fault.ts';
import type { Install } from './install.ts';
import type { LinkConditions } from './link.ts';
import type { Ipv6Behaviour, NatBehaviour, PortForward } from './nat.ts';

/** What a node is for. `host` nodes carry no Kubernetes at all. */
export type NodeRole = 'control-plane' | 'worker' | 'edge' | 'host';

/** What runs containers on a host without Kubernetes; Docker does so by containerd, which is there too. */
export type ContainerRuntime = 'containerd' | 'docker';

/** One node of the lab. Its address is what the lab sees, not what Docker uses to carry it. */
export type LabNode = {
  name: string;
  site: string;
  role: NodeRole;
  /** Address inside its own segment. */
  address: Ipv4;
  /** In a dual-stack segment. */
  address6?: Ipv6;
  /** Of a host that runs containers; nodes of a cluster always do. */
  runtime?: ContainerRuntime;
  /** Of its own wire to the segment. */
  conditions?: LinkConditions;
};

/** A router between a private LAN and the emulated internet, or another site's LAN. */
export type SiteRouter = {
  /** Container and host name, e.g. `lan-a-router`. */
  name: string;
  wan: Ipv4;
  lan: Ipv4;
  nat: NatBehaviour;
  /** The preset's name as written by the user, for people only. */
  natName: string;
  /** Site in whose LAN `wan` lies; absent on the internet. */
  uplink?: string;
  /** Further ways out, taken in this order when those before are dead. */
  backups?: { wan: Ipv4; uplink?: string }[];
  forwards?: PortForward[];
  /** Hosts may open ports of it by UPnP-IGD, NAT-PMP and PCP. */
  upnp?: true;
  /** Of a one-to-one NAT: which outside address is whose; `wan` is the first. */
  pairs?: { inside: Ipv4; outside: Ipv4 }[];
  /** All outside addresses of a NAT that has several, `wan` first. */
  pool?: Ipv4[];
  /** Inside addresses in the order in which they get their port blocks, or their address of the pool. */
  subscribers?: Ipv4[];
};

/** A place with nodes: either directly on the internet (no `lan`) or a LAN behind its router. */
export type Site = {
  name: string;
  /** Absent when the site's nodes sit on the internet segment itself. */
  lan?: { subnet: Cidr; router: SiteRouter; ipv6?: LanIpv6 };
  nodes: LabNode[];
  /** Of the router's way out; only where there is a LAN. */
  conditions?: LinkConditions;
};

/** The second family of a LAN, and of its router. */
export type LanIpv6 = { subnet: Cidr; wan: Ipv6; lan: Ipv6; behaviour: Ipv6Behaviour };

/** A line between the routers of two sites, a segment of its own; each end has an interface on it. */
export type SiteLink = {
  /** Of the segment: both sites with a dot between. */
  name: string;
  ends: [SiteLinkEnd, SiteLinkEnd];
  /** As seen from the first end. */
  conditions: LinkConditions;
};

/** `device`: interface of the site's router, `peer0`, `peer1`, …; `address`: from a /30 of 169.254.0.0/16, the link's own. */
export type SiteLinkEnd = { site: string; device: string; address: Ipv4 };

/** The emulated internet: one segment, a core router that is every public node's gateway, and the lab's DNS server. */
export type Internet = {
  subnet: Cidr;
  core: { name: string; address: Ipv4; /** For its STUN server; of no other segment. */ otherAddress: Ipv4 };
  ipv6?: { subnet: Cidr; address: Ipv6; otherAddress: Ipv6 };
};

/** A workload edgelab puts into the cluster: an echo server (agnhost netexec) with one Service per instance. */
export type Workload = {
  name: string;
  kind: 'echo';
  /** Names of the nodes that get one instance each. */
  nodes: string[];
  /** Service port; the instance on node N gets Service `<name>-<N>`. */
  port: number;
};

/** Nothing of a topology is left to be looked up or filled in: plan and runs are made from this alone. */
export type Lab = {
  name: string;
  internet: Internet;
  sites: Site[];
  links?: SiteLink[];
  install: Install;
  workloads: Workload[];
  /** What goes wrong when the timeline is played, in the order of time; no part of the plan. */
  faults?: TimedFault[];
};
