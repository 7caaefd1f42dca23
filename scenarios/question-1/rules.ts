/** kube-proxy's rules behind the calls: the claims about the way of a packet through iptables. */
import type { Evidence, Expect, LabHandle, ReachResult, ServiceRules } from 'edgelab';
import { added, cast, groupOf, isEdge } from './cast.ts';
import { find } from './wire.ts';

const showRules = (node: string, { rules }: ServiceRules): Evidence[] =>
  rules.map(({ table, chain, packets, text }) => ({
    at: `${node} iptables ${table}`,
    saw: `${packets} packets: ${chain} ${text}`,
    raw: `-A ${chain} ${text}`,
  }));

/** PREROUTING and OUTPUT > KUBE-SERVICES > KUBE-SVC > KUBE-SEP > DNAT: there, whether or not the call then succeeds. */
export const checkRules = async (lab: LabHandle, expect: Expect, results: readonly ReachResult[]): Promise<void> => {
  const { workload, nodes, port } = cast(lab);
  const proxied = nodes.filter((node) => lab.has('kubeProxy', groupOf(node)));
  const [{ pods }, ...tables] = await Promise.all([lab.cluster(), ...proxied.map((node) => lab.serviceRules(node.name))]);
  const instances = pods.filter(({ labels }) => labels['app'] === workload);
  for (const [index, node] of proxied.entries()) {
    const rulesOf = tables[index]!.of;
    for (const to of nodes.filter((other) => other !== node && (isEdge(node) ? other.segment === node.segment : isEdge(other)))) {
      const rules = rulesOf(lab.service(workload, { on: to.name }));
      const [endpoint] = rules.endpoints;
      const walk = [
        rules.hooked ? 'KUBE-SERVICES' : 'no hook',
        rules.chain?.slice(0, 8),
        endpoint?.chain.slice(0, 8),
        endpoint?.marks === true ? 'mark' : 'no mark',
        // by its place, not its address: which node gets which podCIDR differs from lab to lab
        instances.find(({ ip }) => endpoint?.dnat === `${ip}:${port}`)?.node ?? endpoint?.dnat,
      ];
      const wanted = ['KUBE-SERVICES', 'KUBE-SVC', 'KUBE-SEP', 'mark', to.name];
      expect.equal(walk.join(' > '), wanted.join(' > '), `rules for the ClusterIP of ${to.name}`, {
        from: node.name,
        claims: isEdge(node) ? ['S000-Q1-12', 'S000-Q1-4'] : ['S000-Q1-2', 'S000-Q1-4'],
        how: `the call itself: ${find(results, node, to, 'ClusterIP')?.check.observed ?? 'not made'}; packets that met the DNAT rule: ${rules.rules.findLast(({ text }) => text.includes('DNAT'))?.packets ?? 0}`,
        evidence: showRules(node.name, rules),
      });
    }
    const every = rulesOf(lab.service(added.every));
    const shares = instances.map((_, place) => (place === instances.length - 1 ? 'rest' : (1 / (instances.length - place)).toFixed(3)));
    expect.equal(
      every.endpoints.map(({ probability }) => probability?.toFixed(3) ?? 'rest').join(' '),
      shares.join(' '),
      `choice among ${instances.length} endpoints`,
      {
        from: node.name,
        claims: ['S000-Q1-3'],
        how: 'KUBE-SVC picks a KUBE-SEP at random, each as likely as the others',
        evidence: showRules(node.name, every),
      },
    );
    const none = rulesOf(lab.service(added.none));
    expect.equal(
      none.rejectsWith === undefined ? (none.drops ? 'DROP' : 'no rule') : 'REJECT',
      'REJECT',
      'rule for a Service without endpoints',
      {
        from: node.name,
        refutes: ['S000-Q1-5'],
        how: 'kube-proxy answers with an ICMP error, so the caller is refused at once',
        evidence: showRules(node.name, none),
      },
    );
  }
};
