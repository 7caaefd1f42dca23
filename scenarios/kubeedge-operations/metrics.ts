/** kubectl top, logs and exec of an edge behind a NAT, and what they hang on: edgeStream. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { cloudNodes, echoPod, findEdge } from './cast.ts';

const config = '/etc/kubeedge/config/edgecore.yaml';
const how = 'API server > cloudcore > the connection that the edge itself opened through its NAT';

/** logs and exec of the pod on the edge, as an operator would see them fail or work. */
export const askStreams = async (lab: LabHandle): Promise<{ logs: string; exec: string; works: boolean; pod: string }> => {
  const pod = await echoPod(lab, findEdge(lab).name);
  const [logs, exec] = await Promise.all([
    lab.kubectl({ nothrow: true, timeout: '15s' })`logs ${pod} --tail=1`,
    lab.kubectl({ nothrow: true, timeout: '15s' })`exec ${pod} -- cat /etc/hostname`,
  ]);
  const say = ({ exitCode, text, stderr }: typeof logs): string =>
    exitCode === 0 ? text : stderr.trim() || `exit code ${String(exitCode)}`;
  return { logs: say(logs), exec: say(exec), works: logs.exitCode === 0 && logs.text !== '' && exec.text === pod, pod };
};

export const expectStreams = async (lab: LabHandle, expect: Expect, works: boolean, claims: string[], why = how): Promise<void> => {
  await expect.eventually(`logs and exec ${works ? 'work' : 'fail'}`, '60s', async () => {
    const seen = await askStreams(lab);
    return {
      holds: seen.works === works,
      ...{ from: 'kubectl', to: 'logs and exec of the pod on the edge', claims, how: why },
      expected: works ? 'both work' : 'fail',
      observed: seen.works ? 'both work' : 'fail',
      evidence: [
        { at: 'kubectl logs', saw: seen.logs },
        { at: 'kubectl exec cat /etc/hostname', saw: seen.exec },
      ],
    };
  });
};

export const checkTop = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const edge = findEdge(lab);
  const nodes = [...cloudNodes(lab), edge].map(({ name }) => name).toSorted();
  await expect.eventually('kubectl top nodes', '60s', async () => {
    const { lines } = await lab.kubectl({ nothrow: true })`top nodes --no-headers`;
    const measured = lines.filter((line) => /^\S+\s+\d+m?\s.*\s\d+Mi\s/.test(line)).map((line) => line.split(/\s+/)[0] ?? '');
    return {
      holds: measured.toSorted().join() === nodes.join(),
      from: 'kubectl',
      claims: ['S001-MON-1'],
      expected: nodes.join(', '),
      observed: measured.toSorted().join(', '),
      how: `metrics-server asks ${edge.address}:10351, which leads into cloudcore's tunnel`,
      evidence: lines.map((line) => ({ at: 'kubectl top nodes', saw: line })),
    };
  });
  const pod = await echoPod(lab, edge.name);
  await expect.eventually('kubectl top pod', '60s', async () => {
    const { text, stderr, exitCode } = await lab.kubectl({ nothrow: true })`top pod ${pod} --no-headers`;
    return {
      holds: exitCode === 0 && /\d+Mi/.test(text),
      ...{ from: 'kubectl', to: `pod on ${edge.name}`, claims: ['S001-MON-1', 'S001-ARC-3'] },
      expected: 'CPU and memory',
      observed: exitCode === 0 ? 'CPU and memory' : stderr.trim(),
      how: `${text}; containerd measures it, no Docker is there (refutes that pod metrics need Docker)`,
    };
  });
};

const setStream = (edge: NodeHandle, on: boolean): Promise<unknown> =>
  edge.$`sed -i ${`/^ *edgeStream:/,/enable:/ s/enable: .*/enable: ${String(on)}/`} ${config} && systemctl restart edgecore`;

/** The switch, its symptom, and its cure: on, and edgecore restarted. */
export const checkEdgeStream = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const edge = findEdge(lab);
  const { text } = await edge.$`sed -n ${'/^ *edgeStream:/,/writeDeadline:/p'} ${config}`;
  const settings = Object.fromEntries([...text.matchAll(/(\w+): (\S+)/g)].map(([, key = '', value = '']) => [key, value]));
  const { server = '', handshakeTimeout, readDeadline, writeDeadline } = settings;
  const wan = lab.router(lab.nodes('control-plane')[0]?.site ?? '').wan;
  expect.equal([server, handshakeTimeout, readDeadline, writeDeadline].join(' '), `${wan}:10004 30 15 15`, 'edgeStream of edgecore', {
    from: edge.name,
    claims: ['S001-MON-1'],
    how: 'server, handshakeTimeout, readDeadline, writeDeadline',
  });
  await setStream(edge, false);
  await expectStreams(lab, expect, false, ['S001-MON-1'], 'edgeStream is off: cloudcore has no session of this node');
  await setStream(edge, true);
  await expectStreams(lab, expect, true, ['S001-MON-1']);
};

export const restoreEdgeStream = async (lab: LabHandle): Promise<void> => {
  const edge = findEdge(lab);
  const { text } = await edge.$`sed -n ${'/^ *edgeStream:/,/enable:/p'} ${config}`;
  if (text.includes('enable: false')) await setStream(edge, true);
};
