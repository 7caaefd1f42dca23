/** How the API server is called: by its address, or by its node's name where that address means nothing to some who call it. */
import { callsApi } from '../../lib/cloudcore.ts';
import { apiPort } from '../../lib/ports.ts';
import type { Ipv4 } from '../../model/address.ts';
import type { Lab } from '../../model/lab.ts';
import { findWayIn } from '../../nat/nat.ts';
import { allNodes, controlPlane } from '../step.ts';

/** The API server's address as it is called from a site. */
const seenFrom = (lab: Lab, from?: string): Ipv4 | undefined => {
  const { site, address } = controlPlane(lab);
  const way = findWayIn(lab, { site, address, port: apiPort, protocol: 'tcp' }, from);
  return 'open' in way ? way.open.address : undefined;
};

/** Addresses of routers that forward to it, for its certificate. */
export const outsideAddresses = (lab: Lab): Ipv4[] => {
  const seen = [undefined, ...lab.sites.map(({ name }) => name)].flatMap((site) => seenFrom(lab, site) ?? []);
  return [...new Set(seen)].filter((address) => address !== controlPlane(lab).address);
};

/**
 * What kubeconfigs name. Each machine's /etc/hosts gives the control plane's name the address that leads to it from there, so
 * one name serves those inside its LAN and those outside.
 */
export const apiHost = (lab: Lab): string => {
  const { name, address } = controlPlane(lab);
  const callers = allNodes(lab).filter(({ role }) => callsApi(lab.install, role));
  return callers.every(({ site }) => seenFrom(lab, site) === address) ? address : name;
};
