/** A machine with both families: what its IPv6 twin has is added to it (docs/adr/0031). */
import { parseIpv4 } from '../lib/ip.ts';
import type { InterfaceSpec } from '../model/plan.ts';
import { makeWireGuard } from '../nat/nat.ts';
import type { Machine, Sysctls } from './machine.ts';

/** `second`: machines of the lab's IPv6 side; a machine without a twin there stays as it is. */
export const withIpv6 = (machine: Machine, second: readonly Machine[]): Machine => {
  const { container, wiring } = machine;
  const twin = second.find((one) => one.container.name === container.name);
  if (!twin) return machine;
  const added = new Map(twin.container.interfaces.map(({ name, addresses }) => [name, addresses]));
  const interfaces = container.interfaces.map((one): InterfaceSpec => {
    const more = added.get(one.name);
    return more ? { ...one, addresses: [...one.addresses, linkLocal(one), ...more] } : one;
  });
  const devices = interfaces.flatMap(({ name }) => (added.has(name) ? [name] : []));
  const { routes, policies = [], ruleset = '', dnsServers } = twin.wiring;
  return {
    container: { ...container, interfaces },
    wiring: {
      ...wiring,
      routes: [...wiring.routes, ...routes],
      sysctls: { ...wiring.sysctls, ...ipv6Sysctls(devices) },
      ruleset: [wiring.ruleset ?? '', ruleset, makeWireGuard()].join(''),
      ...(wiring.dnsServers && dnsServers && { dnsServers: [...wiring.dnsServers, ...dnsServers] }),
      ipv6: { policies },
    },
  };
};

/** Made from the interface's IPv4 address, which no other on its segment has; the prefix is the one that the wire guard lets through. */
const linkLocal = ({ addresses: [first = ''] }: InterfaceSpec): string => {
  const value = parseIpv4(first.replace(/\/.*$/, '')) ?? 0;
  return `fe80::1ab:${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}/64`;
};

/**
 * Addresses are those of the plan alone: none by router advertisements, none made of the MAC address. Nobody waits to see whether
 * another has them: the plan knows.
 */
const ipv6Sysctls = (devices: readonly string[]): Sysctls => ({
  'net.ipv6.icmp.ratelimit': 0,
  'net.ipv6.conf.all.accept_dad': 0,
  'net.ipv6.conf.lo.disable_ipv6': 0,
  ...Object.fromEntries(
    devices.flatMap((device) =>
      Object.entries(ofDevice).map(([setting, value]): [string, number] => [`net.ipv6.conf.${device}.${setting}`, value]),
    ),
  ),
});

const ofDevice = { accept_ra: 0, accept_redirects: 0, accept_dad: 0, addr_gen_mode: 1, disable_ipv6: 0 };
