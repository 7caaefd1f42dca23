/** A behaviour in words, for plans, pictures and progress lines. */
import type { Dependence, NatBehaviour } from '../model/lab.ts';

/** Abbreviations of the RFC 4787 literature: EI, AD, APD followed by M(apping) or F(iltering). */
const short: Record<Dependence, string> = {
  'endpoint-independent': 'EI',
  'address-dependent': 'AD',
  'address-and-port-dependent': 'APD',
};

/** `EIM/APDF, ports preserved`: mapping and filtering as STUN testers print them. */
export function describeNat(behaviour: NatBehaviour): string {
  if (behaviour.kind === 'none') return 'no NAT';
  if (behaviour.kind === 'stock') return 'looks EIM/APDF, ports overloaded';
  const { mapping, filtering, ports, hairpinning } = behaviour;
  const assigned = ports === 'preserve' ? 'ports preserved' : 'random ports';
  return `${short[mapping]}M/${short[filtering]}F, ${assigned}${hairpinning ? ', hairpinning' : ''}`;
}
