/** The labs of `bench network`, as text of topologies. */

/** So many LANs, each a router of its own kind and a host. */
export const lansTopology = (count: number): string => {
  const kinds = ['home-router', 'port-restricted', 'symmetric', 'full-cone'];
  const lan = (_: unknown, index: number): string =>
    `  lan-${index + 1}: { subnet: 192.168.1.0/24, nat: ${kinds[index % kinds.length]}, nodes: { host-${index + 1}: { role: host } } }`;
  return ['name: bench-lans', 'sites:', ...Array.from({ length: count }, lan), ''].join('\n');
};

/** One server and two LANs: behind a NAT, and behind a router from which the bench takes all rules. */
export const pathTopology = `name: bench-path
sites:
  net: { nodes: { server: { role: host } } }
  masked: { subnet: 192.168.1.0/24, nat: home-router, nodes: { masked-host: { role: host } } }
  plain: { subnet: 45.78.0.0/24, nat: none, nodes: { plain-host: { role: host } } }
`;

/** Run in the router of `plain`: nothing is left of the lab but forwarding, not even connection tracking. */
export const bareRouting = `nft flush ruleset
while ip rule del pref 100 2>/dev/null; do :; done`;
