/** How an edge gets to cloudcore: NodePorts, the router that forwards to them, and what cannot take its place. */
import type { Expect, LabHandle } from 'edgelab';
import { cloudNodes, findEdge, findMaster } from './cast.ts';

export const checkNodePorts = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const format = 'jsonpath={range .spec.ports[*]}{.port}:{.nodePort}/{.protocol}{" "}{end}';
  const { text } = await lab.kubectl`-n kubeedge get service cloudcore -o ${format}`;
  expect.equal(text, '10000:30000/TCP 10001:30001/UDP 10002:30002/TCP 10003:30003/TCP 10004:30004/TCP', 'ports of Service cloudcore', {
    from: 'kubectl',
    claims: ['S001-CLD-2'],
    how: 'Service port:NodePort; 10001 is QUIC, which is UDP and which the seed calls TCP',
  });
};

const cloudcoreYaml = async (lab: LabHandle): Promise<string> =>
  (await lab.kubectl`-n kubeedge get configmap cloudcore -o ${'jsonpath={.data.cloudcore\\.yaml}'}`).stdout;

/** The words of the ConfigMap, and one connection through each forward that an edge uses. */
export const checkForwards = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [master, edge] = [findMaster(lab), findEdge(lab)];
  const router = lab.router(master.site);
  const yaml = await cloudcoreYaml(lab);
  const advertised: string[] = /advertiseAddress:\s*\n((?:\s*- \S+\n)+)/.exec(yaml)?.[1]?.match(/[\d.]{7,}/g) ?? [];
  expect.that(advertised.includes(router.wan), 'advertiseAddress of cloudcore', {
    from: 'kubectl',
    claims: ['S001-CLD-1'],
    expected: `with ${router.wan}, the public address`,
    observed: advertised.join(', '),
    how: 'in its certificate too, else edges refuse it',
  });
  const { lines } = await router.$`conntrack -L -p tcp --orig-dst ${router.wan} 2>/dev/null`;
  for (const [outside, inside, what] of [
    [10_000, 30_000, 'hub'],
    [10_004, 30_004, 'tunnel'],
  ] as const) {
    const flow = lines.find((line) => line.includes(`dport=${String(outside)} `) && line.includes('ESTABLISHED'));
    expect.that(flow?.includes(`src=${master.address} `) === true && flow.includes(`sport=${String(inside)} `), `forward of the ${what}`, {
      from: router.name,
      claims: ['S001-CLD-3'],
      expected: `${router.wan}:${String(outside)} to ${master.address}:${String(inside)}`,
      observed: flow === undefined ? 'no connection' : `${router.wan}:${String(outside)} to ${master.address}:${String(inside)}`,
      how: 'a connection that the edge opened, in the table of the router',
      evidence: [{ at: router.name, saw: flow ?? 'no such connection', ...(flow === undefined ? {} : { raw: flow }) }],
    });
  }
  const { text } = await edge.$({
    nothrow: true,
  })`curl -sk -o /dev/null -w ${'%{http_code}'} --max-time 5 ${`https://${router.wan}:10002/node/nobody`}`;
  expect.equal(text, '404', 'certificate port from the edge', {
    from: edge.name,
    claims: ['S001-CLD-3'],
    how: 'no node of that name: keadm may join',
  });
  const quic = /quic:\s*\n(?:\s+\w+: .*\n)*?\s+enable: (\w+)/.exec(yaml)?.[1];
  expect.equal(quic, 'false', 'QUIC of cloudcore', {
    from: 'kubectl',
    claims: ['S001-CLD-3'],
    how: 'off, and UDP: a forward of TCP 10001 leads to nothing (refutes the seed)',
  });
};

const port = '11002';
const rule = ['PREROUTING', '-p', 'tcp', '--dport', port, '-j', 'REDIRECT', '--to-ports', '30002'];

/** The seed's own rule on a node: REDIRECT ends the walk through nat, so kube-proxy never sees the NodePort. */
export const checkRedirect = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [at, from] = cloudNodes(lab).toReversed();
  if (!at || !from) throw new Error('the lab needs two cloud nodes');
  const ask = (node: typeof from, where: string) =>
    node.$({ nothrow: true })`curl -sk -o /dev/null -w ${'%{http_code}'} --max-time 4 ${`https://${where}/`}`;
  await at.$`iptables -w -t nat -I ${rule}`;
  const direct = await ask(from, `${at.address}:30002`);
  const redirected = await ask(from, `${at.address}:${port}`);
  const { text: counted } = await at.$`iptables -w -t nat -nvxL PREROUTING | grep ${`dpt:${port}`}`;
  const { text: listening } = await at.$`ss -Hltn sport = :30002`;
  await removeRedirect(lab);
  expect.equal(direct.text, '404', `NodePort 30002 of ${at.name}`, {
    from: from.name,
    claims: ['S001-CLD-3'],
    how: 'KUBE-NODEPORTS translates it',
  });
  expect.that(redirected.exitCode === 7 && /^\s*[1-9]/.test(counted), `REDIRECT of ${port} to 30002 on ${at.name}`, {
    from: from.name,
    claims: ['S001-CLD-3'],
    expected: 'refused',
    observed: redirected.exitCode === 7 ? 'refused' : `curl ended with ${String(redirected.exitCode)} (HTTP ${redirected.text})`,
    how: 'the rule matched, KUBE-NODEPORTS came no more, and nobody listens on 30002 (refutes the seed); DNAT in front of the node works',
    evidence: [
      { at: `${at.name} nat PREROUTING`, saw: counted },
      { at: at.name, saw: `listening on 30002: ${listening || 'nobody'}` },
    ],
  });
};

export const removeRedirect = async (lab: LabHandle): Promise<void> => {
  await Promise.all(cloudNodes(lab).map((node) => node.$({ nothrow: true })`iptables -w -t nat -D ${rule}`));
};
