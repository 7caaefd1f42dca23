/** What can go wrong with a lab on purpose, and when: the same words for the command line, scenarios and topologies. */
import type { Ipv4 } from './address.ts';
import type { LinkConditions } from './link.ts';

/** As seen from the site or node: `up` leaves it, `down` comes to it. */
export type Directions = 'both' | 'up' | 'down';

/** `where` is a site (its uplink) or a node (its wire), `site` one with a router, `node` any node. */
export type Fault =
  /** Nothing passes, or nothing in one direction. */
  | { kind: 'cut'; where: string; directions: Directions }
  /** Cut and mended, that many times, each for half a period. */
  | { kind: 'flap'; where: string; times: number; periodMs: number }
  /** Sites of one group reach none of the other. */
  | { kind: 'partition'; one: string[]; other: string[] }
  /** The lab's DNS server hears nothing. */
  | { kind: 'dns' }
  /** Packets above the size vanish without a word (RFC 2923 section 2.1). */
  | { kind: 'black-hole'; where: string; mtu: number }
  /** Another condition of the link. */
  | { kind: 'link'; where: string; conditions: LinkConditions }
  /** The router forgets its bindings and gives out other ports. */
  | { kind: 'rebind'; site: string }
  /** It forgets them as after a long silence. */
  | { kind: 'expire'; site: string }
  /** It gets another outside address, as after a new dial-in. */
  | { kind: 'redial'; site: string; to?: Ipv4 }
  /** Its table of connections has no room: those that are there go on, new ones are dropped. */
  | { kind: 'conntrack-full'; site: string }
  | { kind: 'reboot'; site: string }
  | { kind: 'pause' | 'kill' | 'restart'; node: string };

/** Milliseconds from the beginning of the timeline; `forMs`: when it is undone, absent: at the end of the timeline. */
export type TimedFault = { atMs: number; forMs?: number; fault: Fault };
