/** How a tunnel takes part in a round of probes: it watches meanwhile, and then judges each flow. */
import type { Engine } from '../../engine/engine.ts';
import type { Packet, TunnelJudge } from '../../evidence/evidence.ts';
import type { Lab } from '../../model/lab.ts';

/** The lab whose tunnels are asked. */
export type TunnelSite = { lab: Lab; engine: Engine; signal: AbortSignal };

/** A component that carries flows between nodes, and can say afterwards which ones and how. */
export type Tunnel = {
  /** The word in `install:`. */
  kind: keyof Lab['install'];
  /** BPF filter of its packets on the wire, added to that of the captures; headers only are read. */
  filter: (lab: Lab) => string;
  /** Begins to watch before the probes; called with what was captured when they are over. */
  watch(site: TunnelSite): Promise<(packets: readonly Packet[]) => Promise<TunnelJudge>>;
};
