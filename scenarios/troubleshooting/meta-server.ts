/** metaServer: the API server of an edge's own, at 127.0.0.1:10550. Off in edgecore unless it is told otherwise. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { checkAllRunning, checkListing, theEdge } from './services.ts';

const config = '/etc/kubeedge/config/edgecore.yaml';
const kept = '/run/edgelab-edgecore.yaml';
const dns = '169.254.96.16';

const turn = (on: boolean): string => `/^ *metaServer:/,/enable:/ s/enable: .*/enable: ${String(on)}/`;

export const switchOffMetaServer = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const edge = theEdge(lab);
  await edge.$`cp ${config} ${kept} && sed -i ${turn(false)} ${config} && systemctl restart edgecore`;
  await checkAllRunning(lab, expect, 'without-meta-server');
  await checkListing(lab, expect, 'without-meta-server', false, ['S001-TRB-1']);
};

/** All that the seed writes into edgecore.yaml; what was there for the DNS of pods is replaced. */
export const cureMetaServer = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const edge = theEdge(lab);
  await edge.$`sed -i -e ${turn(true)} -e ${'/^ *clusterDNS:/d; /^ *clusterDomain:/d'} ${config}`;
  await edge.$`sed -i -E ${`s/^( *)tailoredKubeletConfig:.*/&\\n\\1  clusterDNS: [${dns}]\\n\\1  clusterDomain: cluster.local/`} ${config}`;
  await edge.$`systemctl restart edgecore`;
  await checkListing(lab, expect, 'with-meta-server', true, ['S001-TRB-3', 'S001-TRB-4']);
  await checkPodDns(lab, expect, edge);
  const { text } = await edge.$`grep -c -i edgemesh ${config} || true`;
  expect.equal(text, '0', 'module edgeMesh of edgecore', {
    from: edge.name,
    claims: ['S001-TRB-3'],
    how: 'gone since KubeEdge 1.8, so nothing is to be switched off',
  });
};

/** A pod made after the restart asks where the seed says. */
const checkPodDns = async (lab: LabHandle, expect: Expect, edge: NodeHandle): Promise<void> => {
  const [workload] = lab.workloads;
  if (!workload) return;
  const before = await lab.findPod(lab.pod(workload.name, { on: edge.name }));
  await lab.kubectl`delete pod ${before.name} --wait=true --timeout=60s`;
  await expect.eventually('DNS of a new pod', '90s', async () => {
    const pod = await lab.findPod(lab.pod(workload.name, { on: edge.name }));
    const { stdout, stderr, exitCode } = await lab.kubectl({ nothrow: true, timeout: '15s' })`exec ${pod.name} -- cat /etc/resolv.conf`;
    return {
      holds: pod.name !== before.name && exitCode === 0 && stdout.includes(`nameserver ${dns}`) && stdout.includes('svc.cluster.local'),
      ...{ from: `pod on ${edge.name}`, to: '/etc/resolv.conf', claims: ['S001-TRB-3'] },
      expected: `${dns}, cluster.local`,
      observed: exitCode === 0 ? stdout.trim().split('\n').join('; ') : stderr.trim(),
      how: 'clusterDNS and clusterDomain of edgecore',
    };
  });
};

export const restoreMetaServer = async (lab: LabHandle): Promise<void> => {
  await theEdge(lab).$({ nothrow: true })`[ -e ${kept} ] && mv ${kept} ${config} && systemctl restart edgecore`;
};
