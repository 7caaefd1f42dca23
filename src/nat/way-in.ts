/** How somebody outside of a LAN gets to a port inside: router by router, by what each of them lets in. */
import type { Ipv4 } from '../model/address.ts';
import type { Lab, SiteRouter } from '../model/lab.ts';

/** An address and port to send to, as they are known in the segment it is sent from. */
export type Endpoint = { address: Ipv4; port: number };

/** What is to be reached: a port of a machine whose address is in the segment of its site. */
export type Inside = Endpoint & { site: string; protocol: 'tcp' | 'udp' };

/** Where it is reached, or the site whose router does not let it in, with the endpoint that this router would have to lead to. */
export type WayIn = { open: Endpoint } | { closed: { site: string; wanted: Endpoint } };

/**
 * The way into `inside.site` from another site (`from`; none: from the internet itself), whose own routers let out what begins inside.
 * It leads through the routers of the inner site only as far as the first segment that both sites share.
 */
export const findWayIn = ({ sites }: Pick<Lab, 'sites'>, inside: Inside, from?: string): WayIn => {
  const lanOf = (site: string | undefined) => sites.find(({ name }) => name === site)?.lan;
  const shared = new Set<string | undefined>([undefined]);
  for (let site = from; lanOf(site); site = lanOf(site)?.router.uplink) shared.add(site);
  let at: Endpoint = { address: inside.address, port: inside.port };
  for (let site: string | undefined = inside.site; site !== undefined && !shared.has(site);) {
    const router: SiteRouter | undefined = lanOf(site)?.router;
    if (!router) break;
    const outside = admit(router, inside.protocol, at);
    if (!outside) return { closed: { site, wanted: at } };
    at = outside;
    site = router.uplink;
  }
  return { open: at };
};

/** The endpoint outside of a router that leads to one inside, whoever asks; none where only answers come in. */
const admit = (
  { wan, nat, forwards = [], pairs = [] }: SiteRouter,
  protocol: string,
  { address, port }: Endpoint,
): Endpoint | undefined => {
  if (nat.kind === 'none') return { address, port };
  if (nat.kind === 'one-to-one') {
    const pair = pairs.find(({ inside }) => inside === address);
    return pair && nat.filtering === 'endpoint-independent' ? { address: pair.outside, port } : undefined;
  }
  const forward = forwards.find(
    ({ to, inside: [first, last], ...one }) => to === address && one.protocol === protocol && first <= port && port <= last,
  );
  return forward && { address: wan, port: forward.outside[0] + port - forward.inside[0] };
};
