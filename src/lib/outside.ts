/** Where a router meets the rest of the lab. */
import type { Ipv4 } from '../model/address.ts';
import type { SiteRouter } from '../model/lab.ts';

/** One way out of a router: the interface, its address, and the site in whose LAN it is, if it is not on the internet. */
export type Way = { device: string; wan: Ipv4; uplink?: string };

/** The ways out of a router, the preferred one first: `wan0`, `wan1`, … */
export const listWays = ({ wan, uplink, backups = [] }: SiteRouter): [Way, ...Way[]] => [
  { device: 'wan0', wan, ...(uplink !== undefined && { uplink }) },
  ...backups.map((backup, index) => ({ device: `wan${index + 1}`, ...backup })),
];

/** All addresses by which the rest of the lab sees what is behind a router, the first of them `wan`. */
export const outsideAddresses = ({ wan, pool, pairs, backups }: SiteRouter): Ipv4[] => [
  ...new Set([wan, ...(pool ?? []), ...(pairs ?? []).map(({ outside }) => outside), ...(backups ?? []).map((backup) => backup.wan)]),
];
