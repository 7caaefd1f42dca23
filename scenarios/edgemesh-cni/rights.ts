/** EdgeMesh's published ClusterRole does not let agents read nodes, which edgeCNI does first of all. */
import type { Expect, LabHandle } from 'edgelab';
import { readAgentLog } from '../edgemesh/agent-log.ts';

const role = 'edgemesh-agent';

const rightsWith = (resources: string[]): string =>
  JSON.stringify({
    rules: [
      { apiGroups: [''], resources, verbs: ['get', 'list', 'watch'] },
      { apiGroups: ['networking.istio.io'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
    ],
  });

const published = ['services', 'endpoints', 'pods', 'namespaces'];

/** The lab's own role has `nodes`; for a moment it is as published, and the cloud's agent is started with that. */
export const checkRights = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [cloud] = lab.nodes('control-plane');
  if (!cloud) return;
  const setRights = (resources: string[]): Promise<unknown> =>
    lab.kubectl`patch clusterrole ${role} --type merge -p ${rightsWith(resources)}`;
  const restart = (): Promise<unknown> =>
    lab.kubectl`-n kubeedge delete pod -l k8s-app=edgemesh-agent --field-selector ${`spec.nodeName=${cloud.name}`} --wait=true --timeout=30s`;
  await setRights(published);
  try {
    await restart();
    await expect.eventually('agent with the published rights', '60s', async () => {
      const line = (await readAgentLog(cloud, 'cannot get resource')).at(-1);
      return {
        holds: line !== undefined,
        from: cloud.name,
        claims: ['S000-ADV-5'],
        expected: 'ends: it may not read its node',
        observed: line === undefined ? 'runs' : 'ends: it may not read its node',
        how: 'the published ClusterRole has services, endpoints, pods and namespaces, but not nodes',
        evidence: [{ at: `${cloud.name} edgemesh-agent`, saw: line ?? 'no such line' }],
      };
    });
  } finally {
    await setRights([...published, 'nodes']);
    await restart();
  }
  await expect.eventually('agent with the right to read nodes', '90s', async () => {
    const pod = (await lab.cluster()).pods.find(({ node, labels }) => node === cloud.name && labels['k8s-app'] === 'edgemesh-agent');
    return {
      holds: pod?.ready === true,
      from: cloud.name,
      expected: 'ready',
      observed: pod?.ready === true ? 'ready' : 'not ready',
      how: pod?.name ?? 'no pod',
    };
  });
};
