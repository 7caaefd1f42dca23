/** flannel's backends: what each is in its configuration, what it needs, and how a node shows that it knows the others. */
import type { FlannelBackend } from '../../model/install.ts';

type BackendKind = {
  /** Opens /dev/net/tun, which only a privileged pod may. */
  tun: boolean;
  /** Ids of what the kernel must have for it. */
  features: string[];
  /** Shell that prints how many other nodes are known; `$PEERS` is how many there should be. */
  countPeers: string;
};

/** By their names in a topology, which are flannel's own. */
export const backends: Record<FlannelBackend, BackendKind> = {
  // Entries are counted, not compared by address: two LANs may hold the same one.
  vxlan: { tun: false, features: ['vxlan'], countPeers: `bridge fdb show dev flannel.1 2>/dev/null | grep -c ' dst '` },
  'host-gw': { tun: false, features: [], countPeers: `ip -4 route show | grep -v ^default | grep -c ' via .* dev eth0'` },
  // flanneld keeps them to itself: the device is all that can be seen
  udp: { tun: true, features: ['tap'], countPeers: `[ -e /sys/class/net/flannel0 ] && echo "$PEERS"` },
};

/** flannel's `net-conf.json`, and its key in etcd. */
export const netConf = (network: string, backend: FlannelBackend): Record<string, unknown> => ({
  Network: network,
  EnableNFTables: false,
  Backend: { Type: backend },
});
