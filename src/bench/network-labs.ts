/** The labs of `bench network`: as text of topologies, and what is measured with when one of them is up. */
import type { Lab } from '../model/lab.ts';

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

/** Ways of making a link's conditions that can be asked for by name. */
export type Backend = 'netem' | 'wire' | 'nft';

/** A lab that is up. */
export type BenchLab = {
  lab: Lab;
  /** Output of a shell script in a container; throws when it fails. */
  sh: (container: string, text: string, options?: { stdin?: string; seconds?: number }) => Promise<string>;
  /** MiB of each router. */
  routerMemory: () => Promise<number[]>;
  /** Gives what leaves the site this condition, in words; resolves to why the machine cannot do it that way. */
  condition: (site: string, words: string[], backend: Backend) => Promise<string | undefined>;
};
