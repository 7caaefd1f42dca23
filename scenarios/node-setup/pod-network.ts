/** The pod network node by node: podCIDR, interfaces, where the DaemonSets are, and the CNI of an edge without flannel. */
import type { Expect, LabHandle } from 'edgelab';
import { clouds, edges, members } from './cast.ts';

const readCidrs = async (lab: LabHandle): Promise<Map<string, string>> => {
  const { lines } = await lab.kubectl`get nodes --no-headers -o ${'custom-columns=N:.metadata.name,C:.spec.podCIDR'}`;
  return new Map(lines.map((line) => line.split(/\s+/) as [string, string]));
};

export const checkPodCidrs = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const cidrs = await readCidrs(lab);
  const own = members(lab).map(({ name }) => cidrs.get(name) ?? 'none');
  expect.that(new Set(own).size === own.length && own.every((cidr) => /^10\.244\.\d+\.0\/24$/.test(cidr)), 'podCIDR of each node', {
    from: 'kubectl',
    claims: ['S000-INS-1'],
    expected: 'a /24 of 10.244.0.0/16 each, edges too',
    observed: own.join(', '),
    how: members(lab)
      .map(({ name }, index) => `${name} ${own[index] ?? ''}`)
      .join(', '),
  });
};

export const checkParts = async (lab: LabHandle, expect: Expect): Promise<void> => {
  await Promise.all(
    clouds(lab).map(async (node) => {
      const { lines } = await node.$`ls /sys/class/net | grep -x -e cni0 -e flannel.1`;
      expect.equal(lines.join(', '), 'cni0, flannel.1', 'interfaces of the pod network', {
        from: node.name,
        claims: ['S000-INS-2'],
        how: 'flannel wrote its subnet, and a pod was started',
      });
    }),
  );
};

/** Where nothing tunnels on the edges kube-proxy is kept off them; question 1 has it everywhere. */
export const checkPlacement = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { lines } = await lab.kubectl`-n kube-system get pods -l k8s-app=kube-proxy --no-headers -o ${'custom-columns=O:.spec.nodeName'}`;
  const { text } =
    await lab.kubectl`-n kube-system get daemonset kube-proxy -o ${'jsonpath={.spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[*].matchExpressions[*]}'}`;
  const wanted = (lab.has('kubeProxy', 'edge') ? members(lab) : clouds(lab)).map(({ name }) => name).toSorted();
  expect.equal(lines.toSorted().join(', '), wanted.join(', '), 'nodes with kube-proxy', {
    from: 'kubectl',
    claims: ['S000-INS-4'],
    how: `affinity: ${text || 'none'}; question 1 needs kube-proxy on edges too, so the seed's step belongs to question 2 only`,
  });
};

/** edge → its conflist, the address of the bridge, and that it is of the node's own podCIDR. */
export const checkBridgeCni = async (lab: LabHandle, expect: Expect): Promise<void> => {
  if (lab.has('flannel', 'edge')) return;
  const cidrs = await readCidrs(lab);
  await Promise.all(
    edges(lab).map(async (edge) => {
      const { stdout } = await edge.$`cat /etc/cni/net.d/10-bridge.conflist`;
      const [bridge, portmap] = (JSON.parse(stdout) as { plugins: Record<string, unknown>[] }).plugins;
      const { subnet } = (bridge?.['ipam'] as { ranges: { subnet: string }[][] }).ranges[0]?.[0] ?? {};
      const settings = ['isGateway', 'ipMasq', 'promiscMode'].filter((key) => bridge?.[key] === true);
      expect.equal(
        [bridge?.['bridge'], ...settings, portmap?.['type'], subnet].join(' '),
        `cni0 isGateway ipMasq promiscMode portmap ${cidrs.get(edge.name) ?? ''}`,
        'CNI of the edge',
        { from: edge.name, claims: ['S000-INS-9'], how: '/etc/cni/net.d/10-bridge.conflist, with the podCIDR of the node' },
      );
    }),
  );
};
