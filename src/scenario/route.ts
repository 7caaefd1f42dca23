/** Where the lab's routers carry a plain packet between two nodes, by the topology alone. Pure. */
import { contains, parseIpv4, subnetOf } from '../lib/ip.ts';
import type { Lab, LabNode, Site } from '../model/lab.ts';

/**
 * - `direct`: both are on one segment.
 * - `routed`: routers carry it, translated or not.
 * - `nowhere`: the address is private to another LAN; the internet's core answers that it is unreachable.
 * - `shadowed`: the sender's own LAN has the same prefix, so the packet never leaves it.
 */
export type Way = 'direct' | 'routed' | 'nowhere' | 'shadowed';

/** `from` sends to the own address of `to`. */
export const findWay = (lab: Lab, from: LabNode, to: LabNode): Way => {
  const [here, there] = [siteOf(lab, from), siteOf(lab, to)];
  if (here === there || (!here.lan && !there.lan)) return 'direct';
  if (here.lan && contains(subnetOf(here.lan.subnet), parseIpv4(to.address) ?? -1)) return 'shadowed';
  return !there.lan || there.lan.router.nat.kind === 'none' ? 'routed' : 'nowhere';
};

const siteOf = (lab: Lab, node: LabNode): Site => {
  const site = lab.sites.find(({ name }) => name === node.site);
  if (!site) throw new TypeError(`node ${node.name} is of no site of lab ${lab.name}`);
  return site;
};
