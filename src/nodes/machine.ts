/** What any container of a lab is, before it becomes steps: its container and how it is wired. */
import type { ContainerSpec, FileSpec } from '../model/plan.ts';

/** Kernel setting → value, dotted names: `net.ipv4.ip_forward`. Only settings of the container's own network namespace. */
export type Sysctls = Record<string, string | number>;

/** A program that runs beside whatever else the container does, begun anew whenever it is wired. */
export type Daemon = { name: string; program?: FileSpec; argv: string[] };

/** What the link script makes of a container's network, anew at each start. */
export type Wiring = {
  /** `ip route replace` arguments, in order: `default via 45.77.0.1 dev wan0`. */
  routes: string[];
  /** `ip rule add` arguments, in order; they come before any link is up. */
  policies?: string[];
  /** Whether packets of others pass through. Switched on last, when everything else is in place. */
  forwards: boolean;
  sysctls: Sysctls;
  /** nftables text, loaded while the links are down. Absent: the container's rules belong to what runs in it. */
  ruleset?: string;
  /** Addresses the container itself answers DNS on; only the core router has some. */
  dnsServers?: string[];
  daemons?: Daemon[];
  /** Of a machine with IPv6: `ip -6 rule add` arguments, as `policies`. It forwards IPv6 where it forwards. */
  ipv6?: { policies: string[] };
};

/** A container of the plan, and how it is wired. */
export type Machine = { container: ContainerSpec; wiring: Wiring };

/** The same setting for `all`, `default` and each interface: the kernel combines them differently per setting. */
export const onEvery = (interfaces: readonly string[], setting: string, value: number): Sysctls =>
  Object.fromEntries(['all', 'default', ...interfaces].map((name) => [`net.ipv4.conf.${name}.${setting}`, value]));

/** No IPv6 at all: nothing of the lab's rules would see it. */
export const withoutIpv6: Sysctls = { 'net.ipv6.conf.all.disable_ipv6': 1, 'net.ipv6.conf.default.disable_ipv6': 1 };

/** A router forwards where its rules let it and tells nobody of other ways. Strict reverse-path filtering would drop without a counter. */
export const routerSysctls = (interfaces: readonly string[]): Sysctls => ({
  ...withoutIpv6,
  ...onEvery(interfaces, 'rp_filter', 0),
  ...onEvery(interfaces, 'send_redirects', 0),
  ...onEvery(interfaces, 'accept_redirects', 0),
});
