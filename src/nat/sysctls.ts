/** Kernel settings that make a router's connection tracking live exactly as long as its mappings. */
import type { NatBehaviour } from '../model/nat.ts';

/** Linux' own limit for a UDP flow that was not answered. */
const linuxUnanswered = 30;

/** RFC 5508 REQ-2; Linux' own is 30 s. */
const pingTimeout = 60;

/**
 * Connection tracking follows sequence numbers, and takes the answer of a second socket on a port for a stray: a SYN from a peer
 * that the host has called, and given up since, could never be answered (RFC 5382 REQ-2). Liberal, it follows flags alone.
 */
const byFlagsAlone = { 'net.netfilter.nf_conntrack_tcp_be_liberal': 1 };

/** Setting → value, all of the container's own network namespace. Unequal lifetimes would let mapping and filtering expire apart. */
export function natSysctls(behaviour: NatBehaviour): Record<string, number> {
  if (behaviour.kind === 'none') return {};
  const { udp, tcp } = behaviour.timeouts;
  return {
    'net.netfilter.nf_conntrack_udp_timeout': behaviour.kind === 'stock' ? Math.min(udp, linuxUnanswered) : udp,
    'net.netfilter.nf_conntrack_udp_timeout_stream': udp,
    'net.netfilter.nf_conntrack_tcp_timeout_established': tcp,
    ...(behaviour.kind === 'stock' ? {} : { 'net.netfilter.nf_conntrack_icmp_timeout': pingTimeout, ...byFlagsAlone }),
  };
}
