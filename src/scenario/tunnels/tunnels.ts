/** All tunnels, one line each; those a lab installs are asked in this order. */
import type { Packet, TunnelJudge } from '../../evidence/evidence.ts';
import type { Lab } from '../../model/lab.ts';
import { edgemeshTunnel } from './edgemesh.ts';
import { fabedgeTunnel } from './fabedge.ts';
import type { Tunnel, TunnelSite } from './tunnel.ts';

const tunnels: readonly Tunnel[] = [edgemeshTunnel, fabedgeTunnel];

const installed = ({ install }: Lab): Tunnel[] => tunnels.filter(({ kind }) => install[kind] !== undefined);

/** BPF filters for the captures of a round, one for each tunnel that the lab installs. */
export const tunnelFilters = (lab: Lab): string[] => installed(lab).map(({ filter }) => filter(lab));

/** The first tunnel that knows a flow judges it. */
export const watchTunnels = async (site: TunnelSite): Promise<(packets: readonly Packet[]) => Promise<TunnelJudge>> => {
  const watches = await Promise.all(installed(site.lab).map((tunnel) => tunnel.watch(site)));
  return async (packets) => {
    const judges = await Promise.all(watches.map((finish) => finish(packets)));
    return (flow) => {
      for (const judge of judges) {
        const verdict = judge(flow);
        if (verdict) return verdict;
      }
      return undefined;
    };
  };
};
