/** EdgeMesh in a round of probes: the agents' logs on the nodes, read where containerd keeps them. */
import { edgemeshPort, judgeEdgemesh, parseAgentLog, type AgentLine } from '../../evidence/evidence.ts';
import type { Lab } from '../../model/lab.ts';
import type { Tunnel, TunnelSite } from './tunnel.ts';

const logs = '/var/log/pods/kubeedge_edgemesh-agent-*/edgemesh-agent/*.log';

/** First the introductions from the start on, then what was said since `$1` (time stamps of RFC 3339 sort as text). */
const readScript = `
grep -h -e "\\] I'm {" -e 'Discovery to ' -e 'Discovery from ' ${logs} 2>/dev/null
echo ---
awk -v since="$1" '$1 >= since' ${logs} 2>/dev/null
true`;

const nodesOf = (lab: Lab): string[] =>
  lab.sites.flatMap(({ nodes }) => nodes.filter(({ role }) => role !== 'host').map(({ name }) => name));

const run = async ({ lab, engine, signal }: TunnelSite, node: string, argv: string[]): Promise<string> =>
  (await engine.exec(lab.name, node, ['sh', '-c', ...argv], { timeoutSeconds: 20, signal })).stdout;

/** The two nodes and the routers of their LANs. */
const wiresBetween =
  (lab: Lab) =>
  (...ends: string[]): string[] => [
    ...ends,
    ...lab.sites.flatMap(({ lan, nodes }) => (lan && nodes.some(({ name }) => ends.includes(name)) ? [lan.router.name] : [])),
  ];

/** Judges by what the agents logged from `watch` on, at both ends of a flow. */
export const edgemeshTunnel: Tunnel = {
  kind: 'edgemesh',
  // with payload only: what keeps an idle connection alive tells nothing
  filter: () => `(tcp port ${String(edgemeshPort)} and tcp[tcpflags] & tcp-push != 0)`,
  watch: async (site) => {
    const [first = ''] = nodesOf(site.lab);
    // the nodes' own clock: all containers share the kernel's
    const since = (await run(site, first, ['date -u +%Y-%m-%dT%H:%M:%S.%N'])).trim();
    return async (packets) => {
      const introductions = new Map<string, AgentLine[]>();
      const lines = new Map<string, AgentLine[]>();
      await Promise.all(
        nodesOf(site.lab).map(async (node) => {
          const [known = '', recent = ''] = (await run(site, node, [readScript, 'sh', since])).split('\n---\n');
          introductions.set(node, parseAgentLog(known));
          lines.set(node, parseAgentLog(recent));
        }),
      );
      return judgeEdgemesh({ introductions, lines, packets, wiresBetween: wiresBetween(site.lab) });
    };
  },
};
