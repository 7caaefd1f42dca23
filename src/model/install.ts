/** What is installed on the nodes of a lab. */
import type { Cidr, Ipv4 } from './address.ts';

/** Where a component runs, by node role group. `cloud` = control-plane and workers. */
export type Placement = 'cloud' | 'edge';

/** How flannel carries a packet to another node: in VXLAN by the kernel, plain by a route to that node, or in UDP by flanneld itself. */
export type FlannelBackend = 'vxlan' | 'host-gw' | 'udp';

/** How Calico carries a packet to another node: plain, by routes that the nodes tell each other with BGP, or in VXLAN. */
export type CalicoEncapsulation = 'none' | 'vxlan';

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
  /** Pod network of the cloud nodes, in flannel's place. */
  calico?: { version: string; encapsulation: CalicoEncapsulation };
  /** Pod network of the cloud nodes, in flannel's place. */
  weave?: { version: string };
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
