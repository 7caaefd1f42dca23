/** UPnP-IGD, NAT-PMP and PCP: miniupnpd in the router, as in most home routers, writing into a table of its own. */
import { createHash } from 'node:crypto';
import type { Cidr } from '../model/address.ts';
import { upnpTable } from '../nat/nat.ts';
import type { Daemon } from './machine.ts';

/** Seconds a mapping may be asked for at least and at most; the program's own least is 120, too long to watch one end. */
const lifetimes = { least: 1, most: 86_400 } as const;

/** For the router of that name; hosts of `subnet` may ask, each for itself. */
export const mapPorts = (router: string, subnet: Cidr): Daemon => ({
  name: 'upnp',
  program: { path: '/run/edgelab/upnp.conf', mode: 0o644, content: `${settings(router, subnet).join('\n')}\n` },
  // In the foreground; the file says to a second one that it runs.
  argv: ['miniupnpd', '-d', '-f', '/run/edgelab/upnp.conf', '-P', '/run/edgelab/upnp.lock'],
});

const settings = (router: string, subnet: Cidr): string[] => [
  'ext_ifname=wan0',
  'listening_ip=lan0',
  'port=5000',
  'enable_upnp=yes',
  // PCP comes with it.
  'enable_natpmp=yes',
  // A host opens ports to itself only.
  'secure_mode=yes',
  'ipv6_disable=yes',
  `min_lifetime=${lifetimes.least}`,
  `max_lifetime=${lifetimes.most}`,
  `upnp_table_name=${upnpTable.table}`,
  `upnp_nat_table_name=${upnpTable.table}`,
  `upnp_forward_chain=${upnpTable.forward}`,
  `upnp_nat_chain=${upnpTable.prerouting}`,
  `upnp_nat_postrouting_chain=${upnpTable.postrouting}`,
  `friendly_name=${router}`,
  `uuid=${uuidOf(router)}`,
  `allow 1-65535 ${subnet} 1-65535`,
  'deny 0-65535 0.0.0.0/0 0-65535',
];

/** The same for the same router, each time. */
const uuidOf = (router: string): string =>
  createHash('sha256')
    .update(router)
    .digest('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
