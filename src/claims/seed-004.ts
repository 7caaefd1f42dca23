/** Seed 004: FabEdge with its connector behind a port forward. */
import type { Seed } from './seed.ts';

/** Claims `S004-…`. */
export const seed004: Seed = {
  id: 'S004',
  title: 'FabEdge: IPsec between cloud and edges, connector behind NAT',
  claims: [
    { id: 'S004-1', mark: 'explained', text: 'an edge of KubeEdge has no kube-proxy and CoreDNS: no Services, no names' },
    {
      id: 'S004-2',
      mark: 'explained',
      text: 'before 0.8 fab-proxy and nodelocaldns did it, slow to follow changes',
      untestable: 'FabEdge before 0.8 cannot be installed: what is published as Go modules begins later',
    },
    {
      id: 'S004-3',
      mark: 'explained',
      text: 'since 0.8 the agent has kube-proxy and CoreDNS in it: edge pods resolve names and reach ClusterIPs',
    },
    { id: 'S004-4', mark: 'step', text: 'proxy and DNS of the agent are for KubeEdge only' },
    { id: 'S004-5', mark: 'explained', text: '500 and 4500 often cannot be published as they are' },
    { id: 'S004-6', mark: 'step', text: 'publish UDP 45000 for 4500, by a port forward or a REDIRECT' },
    { id: 'S004-7', mark: 'explained', text: "with another port than 500 only the server's 4500 is used" },
    { id: 'S004-8', mark: 'step', text: 'quickstart with cluster, zone, region, connector, edges, public address and port' },
    {
      id: 'S004-9',
      mark: 'step',
      text: "the outside address, not the connector's own; the values of the chart say the same",
      wrong: "the chart's sample has another address",
    },
    {
      id: 'S004-10',
      mark: 'shown',
      text: "each edge has an established IKEv2 SA from its own address to the connector's public address and port",
    },
    { id: 'S004-11', mark: 'shown', text: 'the edge initiates; the ciphers of IKE and ESP' },
    { id: 'S004-12', mark: 'shown', text: 'children p2p, p2n and n2p are installed, as tunnels in UDP' },
    { id: 'S004-13', mark: 'shown', text: 'which subnets each child carries' },
    { id: 'S004-14', mark: 'shown', text: 'counters are 0 until there is traffic; times of rekeying' },
    { id: 'S004-15', mark: 'step', text: 'a Community of both edges' },
    { id: 'S004-16', mark: 'shown', text: 'then there is an SA directly between them, on 4500' },
    { id: 'S004-17', mark: 'shown', text: 'its children are plain tunnels with their own subnets' },
    { id: 'S004-18', mark: 'shown', text: 'the ends mirror each other: names, SPIs, children' },
    { id: 'S004-19', mark: 'explained', text: "the connector's port leaves tunnels between edges on 4500" },
    { id: 'S004-20', mark: 'explained', text: "an edge's ports cannot be chosen; across networks hole punching helps" },
    {
      id: 'S004-21',
      mark: 'explained',
      text: 'other ports force encapsulation in UDP, which is slower',
      untestable: 'every edge of a lab is behind a NAT, so ESP is in UDP whatever the port; where ESP runs in user space it always is',
    },
  ],
};
