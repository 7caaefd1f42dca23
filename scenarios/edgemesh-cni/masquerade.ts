/** The nat rule by which EdgeMesh wants podIPs to keep their source: it is written wrong, and what it should have been. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { readAgentLog } from '../edgemesh/agent-log.ts';
import { members } from '../question-2/agents.ts';
import { podCidrs } from './design.ts';

const comment = 'edgelab: sources of pods stay';

/** iptables takes its rule for a bad argument: the agent says so and goes on without it. */
export const checkRule = async (lab: LabHandle, expect: Expect): Promise<void> => {
  for (const node of members(lab)) {
    const [said, rules] = await Promise.all([
      readAgentLog(node, 'failed to insert iptable rule', 'add route to table failed', 'Bad argument'),
      node.$`iptables-save -t nat`,
    ]);
    const accepts = rules.lines.filter(
      (line) => line.startsWith('-A POSTROUTING') && line.includes('-j ACCEPT') && !line.includes(comment),
    );
    expect.equal(accepts.length > 0 ? 'there' : 'missing', 'missing', 'nat rule against masquerading', {
      from: node.name,
      claims: ['S000-ADV-4'],
      how: said.some((line) => line.includes('Bad argument'))
        ? 'EdgeMesh hands iptables a rule it cannot read: "Bad argument"'
        : (said[0] ?? 'the agent says nothing of it'),
      evidence: said.slice(0, 3).map((saw) => ({ at: `${node.name} edgemesh-agent`, saw })),
    });
  }
};

const rule = (subnet: string): string[] => ['-s', subnet, '!', '-o', 'docker0', '-m', 'comment', '--comment', comment, '-j', 'ACCEPT'];

const onEach = async (lab: LabHandle, work: (node: NodeHandle, subnet: string) => Promise<unknown>): Promise<void> => {
  const subnets = await podCidrs(lab);
  await Promise.all(members(lab).map((node) => work(node, subnets.get(node.name) ?? '')));
};

/** As upstream means it: first in POSTROUTING, for whatever the node's own pods send. */
export const mendRule = (lab: LabHandle): Promise<void> =>
  onEach(lab, (node, subnet) => node.$`iptables -w -t nat -I POSTROUTING 1 ${rule(subnet)}`);

export const removeMend = (lab: LabHandle): Promise<void> =>
  onEach(lab, (node, subnet) => node.$({ nothrow: true })`while iptables -w -t nat -D POSTROUTING ${rule(subnet)} 2>/dev/null; do :; done`);
