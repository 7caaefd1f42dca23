/** The L2 segments of a lab and who is whose gateway on them. */
import type { Ipv4 } from '../model/address.ts';
import type { Internet, Lab, Site } from '../model/lab.ts';
import type { NetworkSpec } from '../model/plan.ts';

/** Name of the segment all routers and public nodes share; a LAN's segment has its site's name. */
export const internetSegment = 'internet';

/** The internet, the LANs in the topology's order, then links between sites. */
export const listSegments = ({ internet, sites, links = [] }: Lab): NetworkSpec[] => [
  { name: internetSegment, title: `internet ${[internet.subnet, ...(internet.ipv6 ? [internet.ipv6.subnet] : [])].join(', ')}` },
  ...sites.flatMap(({ name, lan }) =>
    lan ? [{ name, title: `${name} ${[lan.subnet, ...(lan.ipv6 ? [lan.ipv6.subnet] : [])].join(', ')}` }] : [],
  ),
  ...links.map(({ name, ends }) => ({ name, title: `link between ${ends.map(({ site }) => site).join(' and ')}` })),
];

/** Segment, subnet and gateway of a site's nodes: their LAN and its router, or the internet and its core. */
export const attachmentOf = ({ name, lan }: Site, internet: Internet): { segment: string; subnet: string; gateway: Ipv4 } =>
  lan
    ? { segment: name, subnet: lan.subnet, gateway: lan.router.lan }
    : { segment: internetSegment, subnet: internet.subnet, gateway: internet.core.address };
