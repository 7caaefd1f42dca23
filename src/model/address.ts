/** Addresses and subnets, as text. */

/** `a.b.c.d/n`, or of IPv6 `2001:db8::/64`. The address part may have host bits only where a doc comment says so. */
export type Cidr = string;
/** Dotted IPv4 address without a prefix length. */
export type Ipv4 = string;
/** IPv6 address without a prefix length, as RFC 5952 writes it. */
export type Ipv6 = string;
