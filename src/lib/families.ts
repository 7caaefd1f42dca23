/** The two families of a dual-stack lab: the IPv6 side is a lab of its own, of the same machines on the same wires (docs/adr/0031). */
import type { Lab, LabNode, Site } from '../model/lab.ts';

/**
 * The lab with its IPv6 addresses where the IPv4 ones are, and without what has none; undefined where nothing has one. What makes routes,
 * names, rules and proofs of a lab makes those of its second family from this.
 */
export const ipv6SideOf = ({ name, internet, sites }: Lab): Lab | undefined => {
  if (!internet.ipv6) return undefined;
  const { subnet, address, otherAddress } = internet.ipv6;
  return {
    name,
    internet: { subnet, core: { ...internet.core, address, otherAddress } },
    sites: sites.flatMap(sideOfSite),
    install: {},
    workloads: [],
  };
};

const sideOfSite = ({ name, lan, nodes }: Site): Site[] => {
  const own = nodes.flatMap((node): LabNode[] => (node.address6 === undefined ? [] : [{ ...node, address: node.address6 }]));
  if (!lan) return [{ name, nodes: own }];
  if (!lan.ipv6) return [];
  const { subnet, wan, lan: inside, behaviour } = lan.ipv6;
  const { name: router, uplink } = lan.router;
  const natName = `IPv6 ${behaviour.filtering}`;
  const side = { name: router, wan, lan: inside, nat: behaviour, natName, ...(uplink !== undefined && { uplink }) };
  return [{ name, lan: { subnet, router: side }, nodes: own }];
};

/** The lab, and its IPv6 side where it has one. */
export const familiesOf = (lab: Lab): Lab[] => [lab, ...[ipv6SideOf(lab) ?? []].flat()];
