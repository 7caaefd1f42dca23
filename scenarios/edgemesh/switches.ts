/** What must be switched on in KubeEdge for EdgeMesh, and what is seen when it is not. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { cast } from '../question-1/cast.ts';

const config = '/etc/kubeedge/config/edgecore.yaml';

export const checkSwitches = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { text } = await lab.kubectl`-n kubeedge get configmap cloudcore -o jsonpath=${'{.data.cloudcore\\.yaml}'}`;
  const dynamic = /dynamicController:\s*\n\s+enable: (\w+)/.exec(text)?.[1];
  expect.equal(dynamic ?? 'absent', 'true', 'dynamicController.enable of cloudcore', { from: 'cloud', claims: ['S001-TRB-2'] });
  for (const edge of lab.nodes('edge')) {
    const { lines } = await edge.$`grep -e clusterDNS -e clusterDomain -e 169.254.96.16 -A0 ${config}`;
    const dns = lines.map((line) => line.trim()).filter((line) => line !== '--');
    expect.that(
      dns.some((line) => line.includes('169.254.96.16')) && dns.some((line) => line.includes('cluster.local')),
      'clusterDNS and clusterDomain',
      {
        from: edge.name,
        claims: ['S001-TRB-3'],
        how: dns.join(', '),
      },
    );
    const listed = await edge.$({ nothrow: true })`curl -s --max-time 5 http://127.0.0.1:10550/api/v1/services`;
    const kind = /"kind": ?"(\w+List)"/.exec(listed.text)?.[1];
    expect.that(kind === 'ServiceList', 'metaServer lists Services', {
      from: edge.name,
      claims: ['S001-TRB-3', 'S001-TRB-4'],
      expected: 'ServiceList',
      observed: kind ?? 'no answer',
      how: 'curl 127.0.0.1:10550/api/v1/services',
      evidence: [{ at: edge.name, saw: listed.text.slice(0, 120) }],
    });
  }
};

/** Turns the first `enable:` below `metaServer:`. */
const turnMetaServer = (edge: NodeHandle, on: boolean): Promise<unknown> =>
  edge.$`sed -i ${`/^ *metaServer:/,/enable:/ s/enable: .*/enable: ${String(on)}/`} ${config} && systemctl restart edgecore`;

const caught = async (edge: NodeHandle): Promise<string[]> =>
  (await edge.$({ nothrow: true })`iptables-save -t nat | grep -e "-A KUBE-PORTALS-CONTAINER .*default/"`).lines;

const lastEdge = (lab: LabHandle): NodeHandle => {
  const edge = lab.nodes('edge').at(-1);
  if (!edge) throw new Error('the lab has no edge');
  return edge;
};

export const switchOffMetaServer = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const edge = lastEdge(lab);
  const { workload, clouds } = cast(lab);
  await turnMetaServer(edge, false);
  // an agent that runs keeps what it knows: the trouble shows with the next start
  await edge.$({ nothrow: true })`pkill -x edgemesh-agent`;
  await expect.eventually('rules without a metaServer', '60s', async () => {
    const rules = await caught(edge);
    const evidence = [{ at: `${edge.name} iptables nat`, saw: rules[0] ?? 'no rule' }];
    return {
      holds: rules.length === 0,
      from: edge.name,
      claims: ['S001-TRB-1'],
      expected: 'none',
      observed: rules.length === 0 ? 'none' : 'some',
      evidence,
    };
  });
  await expect.reachAll(
    clouds.map((cloud) => ({
      from: lab.pod(workload, { on: edge.name }),
      to: lab.service(workload, { on: cloud.name }),
      outcome: 'unreachable' as const,
      claims: ['S001-TRB-1'],
      within: '20s' as const,
    })),
  );
};

export const cureMetaServer = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const edge = lastEdge(lab);
  const { workload, clouds } = cast(lab);
  await turnMetaServer(edge, true);
  await expect.reachAll(
    clouds.map((cloud) => ({
      from: lab.pod(workload, { on: edge.name }),
      to: lab.service(workload, { on: cloud.name }),
      path: 'direct' as const,
      claims: ['S001-TRB-1', 'S001-TRB-3'],
      within: '120s' as const,
    })),
  );
};
