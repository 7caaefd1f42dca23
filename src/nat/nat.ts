/** Face of the NAT room: behaviours by name, and the nftables text that makes a router behave so. */
import type { NatBehaviour } from '../model/lab.ts';
import { makeMappingTable } from './mapping-table.ts';
import { makePlainTable } from './plain-table.ts';
import type { RouterFacts } from './router-facts.ts';

export { commonTimeouts, findNatPreset, natPresets } from './presets.ts';
export type { NatPreset } from './presets.ts';
export { markRule, privatePrefixes } from './router-facts.ts';
export type { RouterFacts } from './router-facts.ts';
export { makeCoreRuleset } from './core-table.ts';
export { describeNat } from '../lib/nat-words.ts';
export { natSysctls } from './sysctls.ts';
export { portBlocks, sequence } from './port-assignment.ts';

/** True when the outside never sees an inside address. */
export const translates = ({ kind }: NatBehaviour): boolean => kind !== 'none' && kind !== 'firewall';

/**
 * nftables text for a site router, made from its behaviour and addresses alone. Loading it replaces what an earlier one
 * loaded, in one transaction. Load it before the links are up: a flow that began without rules keeps going without them.
 */
export const makeRuleset = (behaviour: NatBehaviour, at: RouterFacts): string =>
  behaviour.kind === 'rfc4787' ? makeMappingTable(behaviour, at) : makePlainTable(behaviour, at);
