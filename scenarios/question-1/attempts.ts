/** Everything question 1 asks, each with what is expected and the claims it is about. */
import type { LabHandle, NodeHandle, ReachSpec } from 'edgelab';
import { added, cast, groupOf, isEdge } from './cast.ts';
import { predict } from './predict.ts';

/** Which claims an attempt is about, in a lab with flannel on every node as the seed's was. */
const claimsOf = (lab: LabHandle, from: NodeHandle, to: NodeHandle, kind: 'podIP' | 'ClusterIP' | 'address' | 'ping'): string[] => {
  if (!lab.has('flannel', 'edge') || from.name === to.name) return [];
  const pair = `${groupOf(from)}-${groupOf(to)}`;
  if (kind === 'address') return pair === 'edge-cloud' || pair === 'cloud-edge' ? ['S000-ENV-1'] : [];
  if (pair === 'cloud-edge') return [kind === 'ClusterIP' ? 'S000-Q1-11' : 'S000-Q1-10'];
  if (pair === 'edge-cloud') return kind === 'ClusterIP' ? [] : ['S000-Q1-8'];
  if (pair !== 'edge-edge') return [];
  if (from.segment === to.segment) return [kind === 'ClusterIP' ? 'S000-Q1-12' : 'S000-Q1-7'];
  return kind === 'ClusterIP' ? ['S000-Q1-13'] : [];
};

/** The node whose pod answers the cluster's DNS. */
export const findDnsNode = async (lab: LabHandle): Promise<NodeHandle> => {
  const pod = (await lab.cluster()).pods.find(({ labels, ready }) => labels['k8s-app'] === 'kube-dns' && ready);
  if (!pod) throw new Error('no pod of the cluster DNS is ready');
  return lab.node(pod.node);
};

/** Everything that is asked: pods ask other nodes' pods, nodes ask each other's address and their own pod. */
export const listAttempts = (lab: LabHandle, dns: NodeHandle): ReachSpec[] => {
  const { workload, nodes } = cast(lab);
  const expected = predict(lab);
  const within = '10s';
  const asked = nodes.flatMap((from) =>
    nodes.flatMap((to): ReachSpec[] => {
      const own = from.name === to.name;
      const source = own ? from : lab.pod(workload, { on: from.name });
      const pod = lab.pod(workload, { on: to.name });
      const asks: ReachSpec[] = [
        {
          from: source,
          to: lab.service(workload, { on: to.name }),
          outcome: expected.clusterIP(from, to),
          claims: claimsOf(lab, from, to, 'ClusterIP'),
          within,
        },
        { from: source, to: pod, outcome: expected.podIP(from, to), claims: claimsOf(lab, from, to, 'podIP'), within },
        { from: source, to: lab.dns(workload, { on: to.name }), outcome: expected.name(from, to, dns), within },
      ];
      if (own) return asks;
      asks.push({
        from,
        to: lab.address(to.name),
        outcome: expected.address(from, to),
        claims: claimsOf(lab, from, to, 'address'),
        within,
      });
      // the seed pinged
      if (isEdge(from) && (from.segment === to.segment || !isEdge(to)))
        asks.push({
          from: source,
          to: pod,
          protocol: 'icmp',
          outcome: expected.podIP(from, to),
          claims: claimsOf(lab, from, to, 'ping'),
          within,
        });
      return asks;
    }),
  );
  const refused = nodes
    .filter((node) => lab.has('kubeProxy', groupOf(node)))
    .map((node): ReachSpec => ({
      from: lab.pod(workload, { on: node.name }),
      to: lab.service(added.none),
      outcome: 'refused',
      refutes: ['S000-Q1-5'],
      within,
    }));
  return [...asked, ...refused];
};
