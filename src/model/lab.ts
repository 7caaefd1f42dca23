/** The resolved lab: what a topology means once every short form is expanded and every name is bound. */

/** `a.b.c.d/n`. The address part may have host bits only where a doc comment says so. */
export type Cidr = string;
/** Dotted IPv4 address without a prefix length. */
export type Ipv4 = string;

/** What a node is for. `host` nodes carry no Kubernetes at all. */
export type NodeRole = 'control-plane' | 'worker' | 'edge' | 'host';

/** RFC 4787 §4.1 (mapping) and §5 (filtering) share this one type. */
export type Dependence =
  | 'endpoint-independent'
  | 'address-dependent'
  | 'address-and-port-dependent';

/** How a NAT picks the outside port (RFC 4787 §4.2). `preserve` keeps it and falls back to random on collision. */
export type PortAssignment = 'preserve' | 'random';

/**
 * NAT behaviour by RFC 4787 axes; rules are generated from this only, never from a preset's name.
 * `stock` is Linux `masquerade` as it really behaves: it looks endpoint-independent to one host but overloads ports.
 */
export type NatBehaviour =
  | { kind: 'none' }
  | {
      kind: 'rfc4787';
      mapping: Dependence;
      filtering: Dependence;
      ports: PortAssignment;
      hairpinning: boolean;
      /** Seconds an idle binding lives; RFC 4787 REQ-5 and RFC 5382 REQ-5. */
      timeouts: { udp: number; tcp: number };
    }
  | { kind: 'stock'; timeouts: { udp: number; tcp: number } };

/** One node of the lab. Its address is what the lab sees, not what Docker uses to carry it. */
export type LabNode = {
  name: string;
  site: string;
  role: NodeRole;
  /** Address inside its own segment. */
  address: Ipv4;
};

/** A router between a private LAN and the emulated internet. */
export type SiteRouter = {
  /** Container and host name, e.g. `lan-a-router`. */
  name: string;
  wan: Ipv4;
  lan: Ipv4;
  nat: NatBehaviour;
  /** The preset's name as written by the user, for people only. */
  natName: string;
};

/** A place with nodes: either directly on the internet (no `lan`) or a LAN behind its router. */
export type Site = {
  name: string;
  /** Absent when the site's nodes sit on the internet segment itself. */
  lan?: { subnet: Cidr; router: SiteRouter };
  nodes: LabNode[];
};

/** The emulated internet: one segment, a core router that is every public node's gateway, and the lab's DNS server. */
export type Internet = { subnet: Cidr; core: { name: string; address: Ipv4 } };

/** Where a component runs, by node role group. `cloud` = control-plane and workers. */
export type Placement = 'cloud' | 'edge';

/** What is installed; a component that is absent is not installed. Versions are exact, `1.32.5`. */
export type Install = {
  kubernetes?: { version: string; podSubnet: Cidr; serviceSubnet: Cidr };
  flannel?: { version: string; on: Placement[] };
  kubeProxy?: { on: Placement[] };
  kubeedge?: { version: string };
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
  install: Install;
  workloads: Workload[];
};
