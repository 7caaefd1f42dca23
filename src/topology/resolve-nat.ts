/** A site's `nat:` as a behaviour: a preset by name, or the axes with defaults filled in. */
import type { NatBehaviour } from '../model/lab.ts';
import { commonTimeouts, findNatPreset } from '../nat/nat.ts';
import type { LooseTopology } from './shape.ts';

type RawNat = NonNullable<NonNullable<LooseTopology['sites']>[string]>['nat'];

/** Words of the file bound to behaviour; unknown presets and missing axes were reported with the shape. */
export const resolveNat = (raw: RawNat): { behaviour: NatBehaviour; natName: string } => {
  if (typeof raw === 'string') {
    const preset = findNatPreset(raw);
    return { behaviour: preset?.behaviour ?? { kind: 'none' }, natName: preset?.name ?? raw };
  }
  const behaviour: NatBehaviour = {
    kind: 'rfc4787',
    mapping: raw?.mapping ?? 'endpoint-independent',
    filtering: raw?.filtering ?? 'address-and-port-dependent',
    ports: raw?.ports ?? 'preserve',
    hairpinning: raw?.hairpinning ?? false,
    timeouts: { udp: raw?.timeouts?.udp ?? commonTimeouts.udp, tcp: raw?.timeouts?.tcp ?? commonTimeouts.tcp },
  };
  return { behaviour, natName: 'custom' };
};
