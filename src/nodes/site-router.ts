/** The router between one LAN and the internet or another LAN, with the NAT its site declares. */
import { withPrefix } from '../lib/ip.ts';
import { outsideAddresses } from '../lib/outside.ts';
import type { Lab, Site } from '../model/lab.ts';
import { makeRuleset, markRule, natSysctls } from '../nat/nat.ts';
import type { Machine } from './machine.ts';
import { routerSysctls } from './machine.ts';
import { listRouted, outsideOf } from './uplinks.ts';

export function makeSiteRouter(site: string, { subnet, router }: NonNullable<Site['lan']>, lab: Lab): Machine {
  const outside = outsideOf(lab, router);
  const routed = listRouted(lab, site);
  const { pairs, pool, forwards, subscribers } = router;
  const addresses = outsideAddresses(router);
  return {
    container: {
      name: router.name,
      image: 'router',
      hostname: router.name,
      privilege: 'router',
      interfaces: [
        { network: outside.segment, name: 'wan0', addresses: addresses.map((address) => withPrefix(address, outside.subnet)) },
        { network: site, name: 'lan0', addresses: [withPrefix(router.lan, subnet)] },
      ],
      store: false,
      role: 'router',
      site,
    },
    wiring: {
      routes: [`default via ${outside.gateway} dev wan0`, ...routed.map((one) => `${one.subnet} via ${one.via} dev lan0`)],
      policies: [markRule('lan0')],
      forwards: true,
      sysctls: { ...routerSysctls(['wan0', 'lan0']), ...natSysctls(router.nat) },
      ruleset: makeRuleset(router.nat, {
        wan: router.wan,
        lanSubnet: subnet,
        routedSubnets: routed.map((one) => one.subnet),
        privateUplink: router.uplink !== undefined,
        ...(pairs && { pairs }),
        ...(pool && { pool }),
        ...(forwards && { forwards }),
        ...(subscribers && { subscribers }),
      }),
    },
  };
}
