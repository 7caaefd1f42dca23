/** The words of RFC 3489 section 5, as pystun3 and Vovida's stun print them. */
import type { StunWords } from './write-nat-yaml.ts';

const [ei, ad, apd] = ['endpoint-independent', 'address-dependent', 'address-and-port-dependent'] as const;

/** Both tools ask from one port at two servers and call every difference symmetric, whether the address makes it or the port. */
const symmetric: StunWords = { mapping: apd, filtering: apd, assumed: ['mapping', 'filtering'] };

/** The first line that fits says it. */
const lines: readonly [RegExp, StunWords][] = [
  // pystun3; its firewall is the "Symmetric UDP Firewall" of the RFC, which lets in whom one has sent to.
  [/^NAT Type: Full Cone/m, { mapping: ei, filtering: ei }],
  [/^NAT Type: Restric(?:ted)? (?:Cone )?NAT/m, { mapping: ei, filtering: ad }],
  [/^NAT Type: Restric(?:ted)? Port NAT/m, { mapping: ei, filtering: apd }],
  [/^NAT Type: Symmetric NAT/m, symmetric],
  [/^NAT Type: Open Internet/m, { filtering: ei, translates: false }],
  [/^NAT Type: Symmetric UDP Firewall/m, { filtering: apd, translates: false }],
  [/^NAT Type: Blocked/m, { blocked: true }],
  // Vovida's stun, the package stun-client of Debian
  [/^Primary: Independent Mapping, Independent Filter/m, { mapping: ei, filtering: ei }],
  [/^Primary: Independent Mapping, Address Dependent Filter/m, { mapping: ei, filtering: ad }],
  [/^Primary: Independent Mapping, Port Dependent Filter/m, { mapping: ei, filtering: apd }],
  [/^Primary: Dependent Mapping/m, symmetric],
  [/^Primary: Open/m, { filtering: ei, translates: false }],
  [/^Primary: Firewall/m, { filtering: apd, translates: false }],
  [/^Primary: Blocked/m, { blocked: true }],
];

/** Empty where the text is of neither tool. What "symmetric" leaves open is listed in `assumed`. */
export const readClassicWords = (text: string): StunWords => lines.find(([pattern]) => pattern.test(text))?.[1] ?? {};
