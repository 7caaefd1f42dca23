/** Seed 003: what CNI networks do, with a flannel that needs no Kubernetes. */
import type { Seed } from './seed.ts';

/** Claims `S003-…`. */
export const seed003: Seed = {
  id: 'S003',
  title: 'CNI networks: flannel alone with etcd, Calico, Weave',
  claims: [
    {
      id: 'S003-BAS-1',
      mark: 'explained',
      text: 'without CNI each node has its own bridge: containers of one node talk, those of two do not',
    },
    { id: 'S003-BAS-2', mark: 'explained', text: 'CNI networks give addresses unique in the cluster that all nodes reach' },
    { id: 'S003-FL-1', mark: 'explained', text: 'backend udp: bridge, TUN, flanneld, UDP, and the same backwards' },
    { id: 'S003-FL-2', mark: 'explained', text: 'etcd keeps one subnet for each node' },
    { id: 'S003-FL-3', mark: 'explained', text: 'backends are udp, vxlan and host-gw; vxlan is advised' },
    { id: 'S003-FL-4', mark: 'explained', text: 'traffic inside a node stays on its bridge' },
    { id: 'S003-CA-1', mark: 'explained', text: 'Calico routes by BGP without encapsulation, with less overhead' },
    { id: 'S003-CA-2', mark: 'explained', text: 'ordinary tools explain its paths' },
    { id: 'S003-CA-3', mark: 'explained', text: 'it has NetworkPolicy and works with Istio; flannel has none' },
    {
      id: 'S003-WE-1',
      mark: 'explained',
      text: 'Weave: a router on each host, all connected, that exchange the topology',
    },
    { id: 'S003-WE-2', mark: 'explained', text: 'its fast datapath, or else sleeve' },
    { id: 'S003-WE-3', mark: 'explained', text: 'a full mesh limits the size of the cluster' },
    { id: 'S003-CNI-1', mark: 'explained', text: 'first the sandbox, then ADD with its id, namespace, interface and configuration' },
    { id: 'S003-CNI-2', mark: 'explained', text: "flannel's plugin completes the configuration and hands it to bridge" },
    {
      id: 'S003-CNI-3',
      mark: 'explained',
      text: "the bridge is made if missing; a veth pair has the pod's eth0 at one end and the bridge at the other",
    },
    { id: 'S003-CNI-4', mark: 'explained', text: 'an address and the default route; the first pod gives the bridge its address' },
    { id: 'S003-CNI-5', mark: 'explained', text: "the result is the pod's status.podIP" },
    {
      id: 'S003-CNI-6',
      mark: 'wrong',
      text: 'cni0 and docker0 are one thing',
      wrong: 'with CNI pods are on cni0; docker0 is the bridge of the runtime without it',
    },
    { id: 'S003-INS-1', mark: 'step', text: 'runtime and kubelet are stopped first' },
    {
      id: 'S003-INS-2',
      mark: 'step',
      text: 'etcdctl set stores the network configuration',
      wrong: "that is etcd's old API, which today's flannel does not read; the endpoint differs from the next step",
    },
    { id: 'S003-INS-3', mark: 'step', text: 'flanneld with etcd endpoints and prefix, as a unit before the runtime' },
    {
      id: 'S003-INS-4',
      mark: 'step',
      text: 'a conflist with flannel and portmap; cni0 is the name of the network',
      wrong: 'its cniVersion 0.8.5 is no version of the specification',
    },
    { id: 'S003-INS-5', mark: 'shown', text: "flannel's interface has its address; subnet.env is written" },
    { id: 'S003-INS-6', mark: 'shown', text: 'mk-docker-opts.sh writes options with the bridge address for the runtime' },
    { id: 'S003-INS-7', mark: 'shown', text: "then docker0 lies in flannel's subnet" },
    {
      id: 'S003-INS-8',
      mark: 'step',
      text: 'kubelet flags for the CNI make the node Ready',
      wrong: 'the flags are gone since Kubernetes 1.24: it is configuration of containerd now',
    },
    { id: 'S003-TRB-1', mark: 'trouble', text: 'docker0 keeps its old subnet until it is deleted and the runtime started anew' },
  ],
};
