/** Keeps machines of a lab apart from Docker's host, whose bridges have link-local addresses of their own on every segment. */
import { block, replaceTable } from './router-facts.ts';

/** Where the link-local addresses of a lab's machines are; the rest of fe80::/10 is the host's. */
export const ownLinkLocal = 'fe80::1ab:0:0/96';

/** nftables text for every machine with IPv6: neither is answered by the host nor answers it. */
export const makeWireGuard = (): string => {
  const foreign = (field: string): string => `ip6 ${field} fe80::/10 ip6 ${field} != ${ownLinkLocal} counter drop`;
  return replaceTable(
    [
      ...block('chain input', ['type filter hook input priority raw; policy accept;', foreign('saddr')]),
      ...block('chain output', ['type filter hook output priority raw; policy accept;', foreign('daddr')]),
    ],
    'ip6 wire',
  );
};
