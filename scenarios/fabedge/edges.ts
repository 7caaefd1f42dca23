/** What runs on an edge: the agent, which has a proxy and a DNS server inside, and neither kube-proxy nor CoreDNS. */
import type { Expect, LabHandle } from 'edgelab';
import { cast } from './cast.ts';

const dnsAddress = '169.254.25.10';

export const checkEdges = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { edges } = cast(lab);
  const { lines: pods } =
    await lab.kubectl`get pods -n fabedge -l ${'fabedge.io/app=fabedge-agent'} --no-headers -o ${'custom-columns=N:.spec.nodeName,A:.spec.containers[0].args'}`;
  await Promise.all(
    edges.map(async ({ name, $ }) => {
      const { lines: running } = await $`ps -eo comm= | grep -x -e kube-proxy -e coredns -e flanneld -e fabedge-agent | sort -u`;
      expect.equal(running.join(', '), 'fabedge-agent', 'daemons for Services, names and pod network', {
        from: name,
        claims: ['S004-1', 'S004-3'],
        how: 'neither kube-proxy, CoreDNS nor flannel runs here; the agent does',
      });
      const args = pods.find((line) => line.startsWith(`${name} `)) ?? '';
      expect.that(args.includes('--enable-proxy=true') && args.includes('--enable-dns=true'), 'agent with proxy and DNS switched on', {
        from: name,
        claims: ['S004-4'],
        how: args,
      });
      const { lines: rules } = await $`iptables-save -t nat | grep -e "-A KUBE-SERVICES .*default/"`;
      expect.that(rules.length > 0, "kube-proxy's rules, written by the agent", {
        from: name,
        claims: ['S004-3'],
        how: `${String(rules.length)} rules of KUBE-SERVICES for Services of namespace default`,
        evidence: rules.slice(0, 1).map((raw) => ({ at: `${name} nat`, saw: 'a rule for a Service', raw })),
      });
      const { lines: sockets } = await $({ nothrow: true })`ss -Hlnup src ${`${dnsAddress}:53`}`;
      expect.that(sockets.length > 0, `DNS server at ${dnsAddress}`, {
        from: name,
        claims: ['S004-3'],
        how: sockets[0] ?? 'nobody listens there',
      });
    }),
  );
};
