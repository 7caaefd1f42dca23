/** The core router of the emulated internet: gateway and DNS server of the lab, and the end of everything that wants out. */
import { withPrefix } from '../lib/ip.ts';
import type { Lab } from '../model/lab.ts';
import { makeCoreRuleset } from '../nat/nat.ts';
import type { Machine } from './machine.ts';
import { routerSysctls } from './machine.ts';
import { internetSegment } from './segments.ts';

export function makeCoreRouter({ internet, sites }: Lab): Machine {
  const { name, address } = internet.core;
  const routed = sites.flatMap(({ lan }) => (lan?.router.nat.kind === 'none' ? [lan] : []));
  return {
    container: {
      name,
      image: 'router',
      hostname: name,
      privilege: 'router',
      interfaces: [{ network: internetSegment, name: 'net0', addresses: [withPrefix(address, internet.subnet)] }],
      store: false,
      role: 'core',
    },
    wiring: {
      routes: [
        // `blackhole` would let applications hang; this answers them.
        'unreachable default',
        ...routed.map(({ subnet, router }) => `${subnet} via ${router.wan} dev net0`),
      ],
      forwards: true,
      sysctls: { ...routerSysctls(['net0']), 'net.ipv4.icmp_ratelimit': 0 },
      ruleset: makeCoreRuleset({ subnet: internet.subnet, routed: routed.map(({ subnet }) => subnet) }),
      dnsServer: address,
    },
  };
}
