/** Handing out the addresses of one segment in an order that stays the same when nodes are added after others. */
import { countHosts, hostAt, type Subnet } from '../lib/ip.ts';

/** One L2 segment with who holds which address. */
export type Segment = {
  subnet: Subnet;
  /** Address → its holder in words, `node edge-a1`. */
  holders: Map<number, string>;
  /** Marks an address as held; returns the holder it already has, if any. */
  claim(address: number, holder: string): string | undefined;
  /** The next free address of an order, now held; undefined when all are taken. */
  take(order: Order, holder: string): number | undefined;
};

/** Host numbers in the order they are handed out; a fresh iterator per segment. */
export type Order = Iterator<number, undefined>;

/** LAN nodes: 11 and up, as home routers keep the first ten for themselves; 2 to 10 once those are gone. */
export const lanNodeOrder = (subnet: Subnet): Order => inOrder(subnet, up(11, countHosts(subnet)), up(2, 10));

/** Public nodes: 10 and up, then 9 down to 2. */
export const publicNodeOrder = (subnet: Subnet): Order => inOrder(subnet, up(10, countHosts(subnet)), down(9, 2));

/** Routers' outside addresses: 2 to 9, then from the end down, away from the public nodes. */
export const routerOrder = (subnet: Subnet): Order => inOrder(subnet, up(2, 9), down(countHosts(subnet), 10));

/** What routers have beyond their first address, in a pool or by another uplink: from the middle up, so that one more moves no node and no router. */
export const furtherOrder = (subnet: Subnet): Order => {
  const last = countHosts(subnet);
  const middle = Math.ceil(last / 2) + 1;
  return inOrder(subnet, up(middle, last), down(middle - 1, 2));
};

/** A segment whose first host address is held by its router. */
export const makeSegment = (subnet: Subnet, router: string): Segment => {
  const holders = new Map<number, string>();
  const claim = (address: number, holder: string) => {
    const before = holders.get(address);
    if (before === undefined) holders.set(address, holder);
    return before;
  };
  const take = (order: Order, holder: string) => {
    for (let next = order.next(); next.value !== undefined; next = order.next()) {
      if (claim(next.value, holder) === undefined) return next.value;
    }
    return undefined;
  };
  claim(subnet.network + 1, router);
  return { subnet, holders, claim, take };
};

function* inOrder(subnet: Subnet, ...ranges: Iterable<number>[]): Generator<number, undefined> {
  for (const range of ranges) {
    for (const n of range) {
      const address = hostAt(subnet, n);
      if (address !== undefined) yield address;
    }
  }
  return undefined;
}

function* up(from: number, to: number): Generator<number> {
  for (let n = from; n <= to; n += 1) yield n;
}

function* down(from: number, to: number): Generator<number> {
  for (let n = from; n >= to; n -= 1) yield n;
}
