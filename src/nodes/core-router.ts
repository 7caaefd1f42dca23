/** The core router of the emulated internet: gateway and DNS server of the lab, and the end of everything that wants out. */
import { overlaps, subnetOf, withPrefix } from '../lib/ip.ts';
import { isIpv6, subnet6Of } from '../lib/ipv6.ts';
import type { Cidr } from '../model/address.ts';
import type { Lab } from '../model/lab.ts';
import { makeCoreRuleset } from '../nat/nat.ts';
import type { Machine } from './machine.ts';
import { routerSysctls } from './machine.ts';
import { internetSegment } from './segments.ts';
import { listRouted } from './uplinks.ts';

/** Prefixes of LANs that no router shows to the internet; one that is also routed there cannot be told apart. */
const listHidden = (sites: Lab['sites'], routed: readonly { subnet: Cidr }[]): Cidr[] => {
  const rangeOf = (subnet: Cidr) => (isIpv6(subnet) ? subnet6Of(subnet) : subnetOf(subnet));
  const shown = routed.map(({ subnet }) => rangeOf(subnet));
  const all = new Set(sites.flatMap(({ lan }) => (lan ? [lan.subnet] : [])));
  return [...all].filter((subnet) => !shown.some((other) => overlaps<number | bigint>(other, rangeOf(subnet))));
};

/** Of one family: that of the lab it is given. The second address is for its STUN server (RFC 5780). */
export function makeCoreRouter({ internet, sites }: Lab): Machine {
  const { name, address, otherAddress } = internet.core;
  const routed = listRouted({ sites });
  const ipv6 = isIpv6(internet.subnet);
  return {
    container: {
      name,
      image: 'router',
      hostname: name,
      privilege: 'router',
      interfaces: [
        { network: internetSegment, name: 'net0', addresses: [withPrefix(address, internet.subnet), `${otherAddress}/${ipv6 ? 128 : 32}`] },
      ],
      store: false,
      role: 'core',
    },
    wiring: {
      routes: [
        // Leads nowhere: it brings what has no route to the rules, which answer that the host is unreachable.
        `${ipv6 ? '::/0' : 'default'} dev net0`,
        ...routed.map(({ subnet, via }) => `${subnet} via ${via} dev net0`),
      ],
      forwards: true,
      // No kind of ICMP is held back: every probe is to get the same answer, however many ask.
      sysctls: { ...routerSysctls(['net0']), 'net.ipv4.icmp_ratemask': 0 },
      ruleset: makeCoreRuleset({ subnet: internet.subnet, routed: routed.map(({ subnet }) => subnet), hidden: listHidden(sites, routed) }),
      dnsServers: [address],
    },
  };
}
