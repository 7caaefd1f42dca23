/** The resolved lab: what a topology means once every short form is expanded and every name is bound. */
import type { TimedFault } from './fault.ts';
import type { LinkConditions } from './link.ts';

/** `a.b.c.d/n`, or of IPv6 `2001:db8::/64`. The address part may have host bits only where a doc comment says so. */
export type Cidr = string;
/** Dotted IPv4 address without a prefix length. */
export type Ipv4 = string;
/** IPv6 address without a prefix length, as RFC 5952 writes it. */
export type Ipv6 = string;

/** What a node is for. `host` nodes carry no Kubernetes at all. */
export type NodeRole = 'control-plane' | 'worker' | 'edge' | 'host';

/** What runs containers on a host without Kubernetes; Docker does so by containerd, which is there too. */
export type ContainerRuntime = 'containerd' | 'docker';

/** RFC 4787 §4.1 (mapping) and §5 (filtering) share this one type. */
export type Dependence = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent';

/**
 * How a NAT picks the outside port (RFC 4787 §4.2). `preserve` keeps it and falls back to random on collision, `sequential` counts up.
 * A range is picked from at random; with `perSubscriber` each inside address has a block of so many ports of it (RFC 6888).
 */
export type PortAssignment = 'preserve' | 'random' | 'sequential' | { from: number; to: number; perSubscriber?: number };

/** What the router answers to what nobody asked for: silence, a refusal, or it takes the packet for itself (RFC 5382 REQ-4). */
export type Inbound = 'drop' | 'reject' | 'accept';

/** What routers do besides translating; absent: `inbound` drop, UDP passes. */
export type Door = { inbound?: Inbound; blocksUdp?: boolean };

/** Seconds an idle binding lives; RFC 4787 REQ-5 and RFC 5382 REQ-5. */
export type NatTimeouts = { udp: number; tcp: number };

/**
 * NAT behaviour by RFC 4787 axes; rules are generated from this only, never from a preset's name.
 * `stock` is Linux `masquerade` as it really behaves: it looks endpoint-independent to one host but overloads ports.
 * `firewall` translates nothing and lets in only answers. `one-to-one` gives every inside host an outside address of its own.
 */
export type NatBehaviour =
  | { kind: 'none' }
  | ({ kind: 'firewall'; timeouts: NatTimeouts } & Door)
  | ({
      kind: 'rfc4787';
      mapping: Dependence;
      filtering: Dependence;
      ports: PortAssignment;
      hairpinning: boolean;
      /** A host's mappings may have different outside addresses (RFC 4787 §4.1); absent: they all have one, paired with the host. */
      pooling?: 'arbitrary';
      timeouts: NatTimeouts;
    } & Door)
  | ({ kind: 'one-to-one'; filtering: 'endpoint-independent' | 'address-and-port-dependent'; timeouts: NatTimeouts } & Door)
  | ({ kind: 'stock'; ports?: 'random'; timeouts: NatTimeouts } & Door)
  | Ipv6Behaviour;

/**
 * What a router does to IPv6: it routes, and lets in by `filtering` (RFC 6092 §3), `open` being everybody. With `prefix` the LAN's
 * prefix is exchanged for that one on the way out (RFC 6296). Records live as long as those of the router's NAT.
 */
export type Ipv6Behaviour = { kind: 'ipv6'; filtering: Dependence | 'open'; prefix?: Cidr; timeouts: NatTimeouts } & Door;

/** Where a forward leads: an inside address, and its ports, as many as outside. */
export type ForwardTarget = { to: Ipv4; inside: [from: number, to: number] };

/**
 * Ports of a router's outside address that always lead inside, whoever asks. With `others` new flows are balanced over all
 * targets: in turn, or by the address of who asks, which then always gets the same one.
 */
export type PortForward = ForwardTarget & {
  protocol: 'tcp' | 'udp';
  outside: [from: number, to: number];
  others?: ForwardTarget[];
  balance?: 'in-turn' | 'by-source';
};

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
export type SiteLinkEnd = { site: string; device: string; address: Ipv4 };

/** The emulated internet: one segment, a core router that is every public node's gateway, and the lab's DNS server. */
export type Internet = {
  subnet: Cidr;
  core: { name: string; address: Ipv4; /** For its STUN server; of no other segment. */ otherAddress: Ipv4 };
  ipv6?: { subnet: Cidr; address: Ipv6; otherAddress: Ipv6 };
};

/** Where a component runs, by node role group. `cloud` = control-plane and workers. */
export type Placement = 'cloud' | 'edge';

/** How flannel carries a packet to another node: in VXLAN by the kernel, plain by a route to that node, or in UDP by flanneld itself. */
export type FlannelBackend = 'vxlan' | 'host-gw' | 'udp';

/** How KubeEdge gets onto the nodes: by keadm, by keadm's old way, or from its binaries by hand; the last two as services from a release's files. */
export type KubeedgeInstall = 'keadm' | 'keadm-deprecated' | 'binary';

/** What is installed; a component that is absent is not installed. Versions are exact, `1.32.5`. */
export type Install = {
  kubernetes?: { version: string; podSubnet: Cidr; serviceSubnet: Cidr };
  flannel?: {
    version: string;
    backend: FlannelBackend;
    /** Empty with a store of its own. */
    on: Placement[];
    /** Its subnets are kept in etcd on this node instead of in Kubernetes, and every host with a runtime has a flanneld. */
    etcd?: { node: string; network: Cidr };
  };
  /** The CNI of edges that neither flannel nor FabEdge serves. */
  edgeCni?: { type: 'bridge' | 'ptp' };
  kubeProxy?: { on: Placement[] };
  kubeedge?: {
    version: string;
    install: KubeedgeInstall;
    /** Edges answer for the API server at 127.0.0.1:10550. */
    metaServer: boolean;
    /** How edges find cloudcore: in its node's own network, or in the pod network behind NodePorts of the cloud nodes. */
    expose: 'host' | 'node-port';
  };
  metricsServer?: { version: string };
  /** An image registry in the lab, which all nodes trust. */
  registry?: { node: string };
  edgemesh?: {
    version: string;
    /** Names of the nodes whose agents relay for others. */
    relays: string[];
    /** Agents share a key, so that no stranger joins their network. */
    psk: boolean;
    /** A socks5 proxy on each node, port 10800 of 169.254.96.16. */
    socks5: boolean;
    /** Seconds between two looks for a relay; EdgeMesh's own default is 60. */
    finderPeriod: number;
    /** Name of the node whose edgemesh-gateway lets callers from outside the cluster in. */
    gateway?: string;
    /** Agents carry podIPs across LANs too (upstream edgeCNI); inside a LAN edges have routes to each other's pods. */
    cni: boolean;
  };
  fabedge?: {
    version: string;
    /** Name of the cloud node at which the tunnels end. */
    connector: string;
    /** Where edges find it. `port` is that of IKE: 500, or the outside port that a NAT forwards to its UDP port 4500. */
    entrance: { address: Ipv4; port: number };
    /** Whether it also helps edges to reach each other through their NATs (IKEv2 mediation). */
    mediator: boolean;
    /** Community → names of its edges, which get tunnels to each other. */
    communities: Record<string, string[]>;
  };
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
