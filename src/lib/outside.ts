/** Addresses by which the rest of the lab sees what is behind a router. */
import type { Ipv4, SiteRouter } from '../model/lab.ts';

/** All outside addresses of a router, the first of them `wan`. */
export const outsideAddresses = ({ wan, pool, pairs }: SiteRouter): Ipv4[] => [
  ...new Set([wan, ...(pool ?? []), ...(pairs ?? []).map(({ outside }) => outside)]),
];
