/** EdgeMesh's published end-to-end cases under their names, from an edge to its own LAN and across NATs. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { cast } from '../question-1/cast.ts';

type Pair = { from: NodeHandle; to: NodeHandle; lan: 'SAME_LAN' | 'CROSS_LAN' };

/** The first edge to another of its LAN, and to one of another LAN; the published suite has the first of them only. */
const pairs = (lab: LabHandle): Pair[] => {
  const [from, ...others] = cast(lab).edges;
  if (!from) return [];
  const near = others.find(({ segment }) => segment === from.segment);
  const far = others.find(({ segment }) => segment !== from.segment);
  return [...(near ? [{ from, to: near, lan: 'SAME_LAN' as const }] : []), ...(far ? [{ from, to: far, lan: 'CROSS_LAN' as const }] : [])];
};

/** Runs in the pod's own place: asked by name, as applications do. */
const inPod = async (lab: LabHandle, from: NodeHandle, script: string, ...values: string[]) => {
  const { name } = await lab.findPod(lab.pod(cast(lab).workload, { on: from.name }));
  return lab.kubectl({ nothrow: true })`exec ${name} -- sh -c ${script} sh ${values}`;
};

export const checkPublishedCases = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { workload, port } = cast(lab);
  for (const { from, to, lan } of pairs(lab)) {
    const service = `${workload}-${to.name}`;
    const [{ services }, target] = await Promise.all([lab.cluster(), lab.findPod(lab.pod(workload, { on: to.name }))]);
    const wanted = services.find(({ name }) => name === service)?.clusterIP ?? '?';
    const seen = { from: from.name };
    await expect.eventually(`E2E_TRAFFIC_${lan}_SERVICE_DISCOVERY`, '30s', async () => {
      const { text, stderr } = await inPod(lab, from, 'getent hosts "$1"', `${service}.default.svc.cluster.local`);
      const address = text.split(/\s+/)[0] ?? '';
      const how = `${service}.default.svc.cluster.local, asked in a pod`;
      return {
        ...seen,
        holds: address === wanted,
        expected: wanted,
        observed: address || stderr.trim() || 'no answer',
        how,
        claims: ['S001-EM-2'],
      };
    });
    const answers = { expected: target.name, claims: ['S001-EM-6'] };
    const through = from.segment === to.segment ? `on ${from.segment}` : 'through both NATs';
    await expect.eventually(`E2E_TRAFFIC_${lan}_HTTP_TRAFFIC_Governance`, '60s', async () => {
      const url = `http://${wanted}:${String(port)}/hostname`;
      const { text } = await from.$({ nothrow: true })`curl -s --max-time 5 -w ${'\\n%{http_code}'} ${url}`;
      const [body = '', code = ''] = text.split('\n');
      const how = `HTTP ${code} ${through}`;
      return { ...seen, ...answers, holds: code === '200' && body === target.name, observed: body || 'no answer', how };
    });
    await expect.eventually(`E2E_TRAFFIC_${lan}_TCP_TRAFFIC_Governance`, '60s', async () => {
      // bytes that no HTTP client writes: the agent must not look into them; nothing is closed before the answer, for an agent closes both ways at once
      const { text } = await from.$({
        nothrow: true,
      })`printf 'GET /hostname HTTP/1.0\\n\\n' | socat -T 5 -,ignoreeof TCP:${wanted}:${String(port)} | tail -n 1`;
      return {
        ...seen,
        ...answers,
        holds: text === target.name,
        observed: text || 'no answer',
        how: `bytes as they were written, ${through}`,
      };
    });
  }
};
