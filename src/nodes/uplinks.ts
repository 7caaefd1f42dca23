/** What hangs on what: the segment outside a site's router, and the routed LANs further in. */
import { listWays } from '../lib/outside.ts';
import type { Cidr, Ipv4 } from '../model/address.ts';
import type { Lab, Site, SiteRouter } from '../model/lab.ts';
import { shownPrefix, translates } from '../nat/nat.ts';
import { internetSegment } from './segments.ts';

/** The segment a router's outside is on, and who leads on from there. */
export const outsideOf = (
  { internet, sites }: Lab,
  { uplink }: Pick<SiteRouter, 'uplink'>,
): { segment: string; subnet: Cidr; gateway: Ipv4 } => {
  const lan = uplink === undefined ? undefined : sites.find(({ name }) => name === uplink)?.lan;
  if (uplink === undefined || !lan) return { segment: internetSegment, subnet: internet.subnet, gateway: internet.core.address };
  return { segment: uplink, subnet: lan.subnet, gateway: lan.router.lan };
};

/** Prefixes of LANs that are seen on the segment of a site (none: the internet), each with the router there that leads to it. */
export const listRouted = ({ sites }: Pick<Lab, 'sites'>, uplink?: string): { subnet: Cidr; via: Ipv4 }[] =>
  sites.flatMap(({ name, lan }) => {
    const subnet = lan && lan.router.uplink === uplink ? shownPrefix(lan.router.nat, lan.subnet) : undefined;
    if (!lan || subnet === undefined) return [];
    const via = lan.router.wan;
    const further = translates(lan.router.nat) ? [] : listRouted({ sites }, name);
    return [{ subnet, via }, ...further.map((one) => ({ ...one, via }))];
  });

/** The links of a site: its own end, and what is at the other. */
export const listPeers = (
  lab: Pick<Lab, 'sites' | 'links'>,
  site: string,
): { network: string; device: string; address: Ipv4; via: Ipv4; subnets: Cidr[] }[] =>
  (lab.links ?? []).flatMap(({ name: network, ends }) => {
    const near = ends.find((end) => end.site === site);
    const far = ends.find((end) => end.site !== site);
    if (!near || !far) return [];
    const { device, address } = near;
    return [{ network, device, address, via: far.address, subnets: listShown(lab, far.site) }];
  });

/** The prefixes by which a site is seen: its own where it is not hidden behind an address, and those of the sites that are routed to it. */
export const listShown = (lab: Pick<Lab, 'sites'>, site: string): Cidr[] => {
  const lan = lab.sites.find(({ name }) => name === site)?.lan;
  const shown = lan && shownPrefix(lan.router.nat, lan.subnet);
  if (!lan || shown === undefined) return [];
  return [shown, ...(translates(lan.router.nat) ? [] : listRouted(lab, site).map((one) => one.subnet))];
};

/** A site's router and those it hangs on by its first uplink, the last of them on the internet. */
export const routersOut = ({ sites }: Pick<Lab, 'sites'>, site: string | undefined): SiteRouter[] => {
  const router = sites.find(({ name }) => name === site)?.lan?.router;
  return router ? [router, ...(router.uplink === undefined ? [] : routersOut({ sites }, router.uplink))] : [];
};

/** Sites whose routers are in this one's LAN. */
export const sitesBehind = ({ sites }: Pick<Lab, 'sites'>, site: string): Site[] =>
  sites.filter(({ lan }) => lan && listWays(lan.router).some(({ uplink }) => uplink === site));
