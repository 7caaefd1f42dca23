/** The rules of a router, whatever its behaviour. */
import type { NatBehaviour } from '../model/lab.ts';
import { makeMappingTable } from './mapping-table.ts';
import { makePlainTable } from './plain-table.ts';
import { makeUpnpTable } from './upnp-table.ts';
import type { RouterFacts } from './router-facts.ts';

/** True when the outside never sees an inside address. */
export const translates = ({ kind }: NatBehaviour): boolean => kind !== 'none' && kind !== 'firewall';

/**
 * nftables text for a site router, made from its behaviour and addresses alone. Loading it replaces what an earlier one
 * loaded, in one transaction. Load it before the links are up: a flow that began without rules keeps going without them.
 */
export const makeRuleset = (behaviour: NatBehaviour, at: RouterFacts): string =>
  [
    behaviour.kind === 'rfc4787' ? makeMappingTable(behaviour, at) : makePlainTable(behaviour, at),
    at.upnp === true ? makeUpnpTable() : '',
  ].join('');
