/** The shape of what a topology says of IPv6. */
import { z } from 'zod';

/** Any text: the pattern is for editors, `readSubnet6` has better words for what is wrong. */
export const subnet6 = z.string().meta({ pattern: String.raw`^[\da-fA-F:]+/\d{1,3}$`, examples: ['2001:db8:a::/64'] });

/** Of a node. Any text, like `subnet6`. */
export const address6 = z.string().meta({
  description: 'Its IPv6 address in a dual-stack segment; default: the same number in subnet6 as its IPv4 address is in subnet.',
  pattern: String.raw`^[\da-fA-F:]+$`,
  examples: ['2001:db8:a::50'],
});

const filtering = z.enum(['open', 'endpoint-independent', 'address-dependent', 'address-and-port-dependent']);

const firewall = z
  .strictObject({
    filtering: filtering.meta({ description: 'As firewall6 itself; default address-and-port-dependent.' }).optional(),
    inbound: z.enum(['drop', 'reject']).meta({ description: 'What unsolicited packets get: silence (default) or a refusal.' }).optional(),
    udp: z.enum(['pass', 'block']).meta({ description: 'Whether UDP gets out; DNS always does. Default pass.' }).optional(),
  })
  .meta({ description: 'The IPv6 firewall, e.g. { filtering: endpoint-independent, inbound: reject }.' });

/** Keys of a site. */
export const siteIpv6 = {
  subnet6: subnet6
    .meta({ description: 'IPv6 subnet of the LAN, which makes it dual-stack: globally routed, or a ULA with prefix6.' })
    .optional(),
  prefix6: subnet6
    .meta({
      description: 'What the router makes of subnet6 on the way out (RFC 6296, NPTv6); as long as that. Default: it stays as it is.',
    })
    .optional(),
  firewall6: z
    .union([filtering, firewall])
    .meta({
      description:
        'Whose IPv6 packets the router lets in (RFC 6092): answers only (address-and-port-dependent, default), more of the internet, or all (open).',
    })
    .optional(),
};
