/** Which endpoint a call gets: EdgeMesh takes the policy from the DestinationRule that is called as the Service. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { cast } from '../question-1/cast.ts';
import { readAgentLog } from './agent-log.ts';
import { apply, everywhere, istio } from './everywhere.ts';

type Settings = { simple: string } | { consistentHash: Record<string, unknown> };

const rule = (lab: LabHandle, loadBalancer: Settings): Promise<unknown> =>
  apply(lab, istio('DestinationRule', everywhere, { host: everywhere, trafficPolicy: { loadBalancer } }));

/** One call after another, each with its own headers; the names of the pods that answered. */
const callMany = async (from: NodeHandle, url: string, agents: readonly string[]): Promise<string[]> => {
  const { lines } = await from.$({
    nothrow: true,
    input: `${agents.join('\n')}\n`,
    timeout: '180s',
  })`while read -r agent; do curl -s -A $agent --max-time 5 ${url} </dev/null; echo; done`;
  return lines.map((line) => line.trim());
};

const times = (count: number, text = 'edgelab'): string[] => Array.from({ length: count }, () => text);

const count = (pods: readonly string[]): string =>
  [...Map.groupBy(pods, (pod) => pod)]
    .map(([pod, calls]) => `${String(calls.length)} to ${pod}`)
    .toSorted()
    .join(', ') || 'no answer';

/** Until a policy is in force (it has to reach the agent on the edge) calls are made again. */
const check = async (
  expect: Expect,
  from: NodeHandle,
  policy: string,
  call: () => Promise<string[]>,
  judge: (pods: readonly string[]) => { holds: boolean; expected: string; how: string },
): Promise<void> => {
  await expect.eventually(`endpoints by ${policy}`, '60s', async () => {
    const pods = await call();
    const verdict = judge(pods);
    return { ...verdict, from: from.name, observed: count(pods), evidence: [{ at: from.name, saw: pods.join(' ') }] };
  });
};

/** From an edge, to endpoints on all nodes. */
export const checkPolicies = async (lab: LabHandle, expect: Expect, address: string): Promise<void> => {
  const { port, nodes, edges } = cast(lab);
  const [from] = edges;
  if (!from) return;
  const url = `http://${address}:${String(port)}/hostname`;
  const all = nodes.length;

  await rule(lab, { simple: 'ROUND_ROBIN' });
  await check(
    expect,
    from,
    'ROUND_ROBIN',
    () => callMany(from, url, times(3 * all)),
    (pods) => {
      const inTurn = pods.length === 3 * all && pods.every((pod, index) => index < all || pod === pods[index - all]);
      const how = 'each call goes to the next endpoint, round and round';
      return { holds: inTurn && new Set(pods).size === all, expected: `${String(all)} endpoints in turn`, how };
    },
  );

  await rule(lab, { simple: 'RANDOM' });
  await check(
    expect,
    from,
    'RANDOM',
    () => callMany(from, url, times(15 * all)),
    (pods) => {
      // of 60 calls to 4 endpoints none misses one, and some follow themselves, but for 3 in 100 million
      const repeats = pods.filter((pod, index) => pod === pods[index - 1]).length;
      const holds = pods.length === 15 * all && new Set(pods).size === all && repeats > 0;
      return {
        holds,
        expected: `${String(all)} endpoints in no order`,
        how: `${String(repeats)} calls went to the endpoint of the call before`,
      };
    },
  );

  await rule(lab, { consistentHash: { httpHeaderName: 'User-Agent' } });
  const agents = Array.from({ length: 8 }, (_, index) => `caller-${String(index)}`);
  await check(
    expect,
    from,
    'consistentHash of a header',
    () => callMany(from, url, [...agents, ...agents, ...agents]),
    (pods) => {
      const sticks =
        pods.length === 3 * agents.length && pods.every((pod, index) => index < agents.length || pod === pods[index - agents.length]);
      const how = `${String(agents.length)} values of User-Agent, three times each: a value keeps its endpoint, and not all have the same`;
      return { holds: sticks && new Set(pods).size > 1, expected: 'one endpoint for each value', how };
    },
  );

  await rule(lab, { consistentHash: { useSourceIp: true } });
  // what it is taken from stands in the agent's log; the port differs with every connection, so nothing sticks
  await expect.eventually('endpoints by consistentHash of the source address', '60s', async () => {
    const pods = await callMany(from, url, times(4 * all));
    const keys = (await readAgentLog(from, 'Get key value: ')).slice(-4 * all);
    const withPort = keys.filter((line) => /: [\d.]+:\d+$/.test(line)).length;
    return {
      holds: pods.length === 4 * all && new Set(pods).size > 1 && withPort === keys.length && withPort > 0,
      from: from.name,
      expected: 'several endpoints for one source',
      observed: count(pods),
      how: `not by the address alone: EdgeMesh hashes address and port, ${keys.at(-1) ?? 'no key in its log'}`,
      evidence: keys.slice(-4).map((saw) => ({ at: `${from.name} edgemesh-agent`, saw })),
    };
  });
};
