/** The router between one LAN and the internet, with the NAT its site declares. */
import { withPrefix } from '../lib/ip.ts';
import type { Internet, Site } from '../model/lab.ts';
import { makeRuleset, markRule, natSysctls } from '../nat/nat.ts';
import type { Machine } from './machine.ts';
import { routerSysctls } from './machine.ts';
import { internetSegment } from './segments.ts';

export function makeSiteRouter(site: string, { subnet, router }: NonNullable<Site['lan']>, internet: Internet): Machine {
  return {
    container: {
      name: router.name,
      image: 'router',
      hostname: router.name,
      privilege: 'router',
      interfaces: [
        { network: internetSegment, name: 'wan0', addresses: [withPrefix(router.wan, internet.subnet)] },
        { network: site, name: 'lan0', addresses: [withPrefix(router.lan, subnet)] },
      ],
      store: false,
      role: 'router',
      site,
    },
    wiring: {
      routes: [`default via ${internet.core.address} dev wan0`],
      policies: [markRule('lan0')],
      forwards: true,
      sysctls: { ...routerSysctls(['wan0', 'lan0']), ...natSysctls(router.nat) },
      ruleset: makeRuleset(router.nat, { wan: router.wan, lanSubnet: subnet }),
    },
  };
}
