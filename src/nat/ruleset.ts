/** The rules of a router, whatever its behaviour. */
import type { Cidr } from '../model/address.ts';
import type { NatBehaviour } from '../model/nat.ts';
import { makeIpv6Table } from './ipv6-table.ts';
import { makeMappingTable } from './mapping-table.ts';
import { makePlainTable } from './plain-table.ts';
import { makeUpnpTable } from './upnp-table.ts';
import type { RouterFacts } from './router-facts.ts';

/** True when the outside never sees an inside address. */
export const translates = (nat: NatBehaviour): boolean =>
  nat.kind === 'ipv6' ? nat.prefix !== undefined : nat.kind !== 'none' && nat.kind !== 'firewall';

/** The prefix by which the outside sees a LAN as a whole, if it does. */
export const shownPrefix = (nat: NatBehaviour, subnet: Cidr): Cidr | undefined =>
  nat.kind === 'ipv6' ? (nat.prefix ?? subnet) : translates(nat) ? undefined : subnet;

/**
 * nftables text for a site router, made from its behaviour and addresses alone. Loading it replaces what an earlier one
 * loaded, in one transaction. Load it before the links are up: a flow that began without rules keeps going without them.
 */
export const makeRuleset = (behaviour: NatBehaviour, at: RouterFacts): string =>
  [
    behaviour.kind === 'rfc4787'
      ? makeMappingTable(behaviour, at)
      : behaviour.kind === 'ipv6'
        ? makeIpv6Table(behaviour, at)
        : makePlainTable(behaviour, at),
    at.upnp === true ? makeUpnpTable() : '',
  ].join('');
