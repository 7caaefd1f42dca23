/** Face of the NAT room: behaviours by name, and the nftables text that makes a router behave so. */

export { commonTimeouts, findNatPreset, natPresets } from './presets.ts';
export type { NatPreset } from './presets.ts';
export { exitMark, markRule, privatePrefixes } from './router-facts.ts';
export type { RouterFacts } from './router-facts.ts';
export { leakCounter, makeCoreRuleset } from './core-table.ts';
export { declaredFor, writeFinding, type Finding } from './proof/declared.ts';
export { proberProgram } from './proof/prober.ts';
export { responderProgram, stunPorts } from './proof/responder.ts';
export { describeNat } from '../lib/nat-words.ts';
export { upnpTable } from './upnp-table.ts';
export { natSysctls } from './sysctls.ts';
export { countBlocks, portBlocks } from './port-assignment.ts';
export { makeWireGuard } from './wire-guard.ts';
export { makeRuleset, shownPrefix, translates } from './ruleset.ts';
export { findWayIn, type Endpoint, type Inside, type WayIn } from './way-in.ts';
export { findGridKind, gridKinds, gridWords, type GridKind } from './grid/kinds.ts';
export { makeGrid, readGrid, type GridSelection } from './grid/grid.ts';
export { expectPunch } from './grid/oracle.ts';
export { makeRequirements, readRequirements } from './requirements/requirements.ts';
export { readStunWords } from './stun-words.ts';
export { writeNatYaml } from './write-nat-yaml.ts';
