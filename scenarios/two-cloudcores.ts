/** Two cloudcores (kubeedge#5784): an edge is connected to one of them, and calls that go to the other fail. */
import { scenario, step, type Expect, type LabHandle } from 'edgelab';

const tries = 10;
const chain = 'TUNNEL-PORT';

const podsOf = async (lab: LabHandle): Promise<{ name: string; ip: string }[]> => {
  const { pods } = await lab.cluster();
  return pods.filter(({ labels, ready }) => labels['kubeedge'] === 'cloudcore' && ready).map(({ name, ip = '' }) => ({ name, ip }));
};

const theEdge = (lab: LabHandle) => {
  const [edge] = lab.nodes('edge');
  const [master] = lab.nodes('control-plane');
  const [workload] = lab.workloads;
  if (!edge || !master || !workload) throw new Error('the lab needs a control plane, an edge and a workload');
  return { edge, master, workload };
};

/**
 * What kubectl is asked to do. For logs the API server keeps one connection to the edge's port and uses it again, so that a
 * rule of nat decides once for all calls; for exec it makes a connection each time.
 */
const calls = {
  logs: (lab: LabHandle, pod: string) => lab.kubectl({ nothrow: true, timeout: '15s' })`logs ${pod} --tail=1`,
  exec: (lab: LabHandle, pod: string) => lab.kubectl({ nothrow: true, timeout: '15s' })`exec ${pod} -- cat /etc/hostname`,
};
type Call = keyof typeof calls;

/** How many of `tries` calls gave a line, and what the last failure said. */
const ask = async (lab: LabHandle, call: Call): Promise<{ good: number; said: string }> => {
  const { edge, workload } = theEdge(lab);
  const { name } = await lab.findPod(lab.pod(workload.name, { on: edge.name }));
  let [good, said] = [0, ''];
  for (let turn = 0; turn < tries; turn++) {
    const { exitCode, text, stderr } = await calls[call](lab, name);
    if (exitCode === 0 && text !== '') good += 1;
    else said = stderr.trim() || 'no line';
  }
  return { good, said };
};

const expectCalls = (lab: LabHandle, expect: Expect, call: Call, what: string, wanted: number): Promise<unknown> =>
  expect.eventually(`kubectl ${call} ${what}`, '90s', async () => {
    const { good, said } = await ask(lab, call);
    return {
      holds: good === wanted,
      from: 'kubectl',
      to: `${call} on the edge, ${what}`,
      expected: `${String(wanted)} of ${String(tries)}`,
      observed: `${String(good)} of ${String(tries)}`,
      how: said === '' ? 'API server > the cloudcore that the edge is connected to > edge' : said,
    };
  });

const listRules = async (lab: LabHandle): Promise<string[]> =>
  (await theEdge(lab).master.$`iptables -w -t nat -S ${chain} | grep DNAT`).lines;

const byHand = '-m comment --comment two-cloudcores';

const removeByHand = async (lab: LabHandle): Promise<void> => {
  await theEdge(lab).master.$({
    nothrow: true,
  })`iptables-save -t nat | grep ${'comment two-cloudcores'} | sed 's/^-A/-D/' | while read -r rule; do eval "iptables -w -t nat $rule"; done`;
};

/** Pods that were told to end and stay for the 30 s of their grace period, and the edge with one of them. */
const endAtOnce = async (lab: LabHandle): Promise<void> => {
  const ending = 'jsonpath={range .items[?(@.metadata.deletionTimestamp)]}{.metadata.name}{"\\n"}{end}';
  const { lines } = await lab.kubectl`-n kubeedge get pods -l kubeedge=cloudcore -o ${ending}`;
  if (lines.length > 0) await lab.kubectl({ nothrow: true })`-n kubeedge delete pods ${lines} --grace-period=1 --wait=false`;
};

const scale = async (lab: LabHandle, replicas: number): Promise<void> => {
  await lab.kubectl`-n kubeedge scale deployment cloudcore --replicas=${replicas}`;
  await lab.kubectl({ timeout: '100s' })`-n kubeedge rollout status deployment cloudcore --timeout=90s`;
  await endAtOnce(lab);
};

export default scenario({
  title: 'two cloudcores: each has a tunnel port of its own, and connections that ignore it fail every other time',
  topology: 'datacenter',
  disruptive: true,
  needs: ['kubeedge'],
  steps: [
    step('a second cloudcore takes another tunnel port', async ({ lab, expect }) => {
      await scale(lab, 2);
      await expect.eventually('rules of the manager', '60s', async () => {
        const [pods, rules] = await Promise.all([podsOf(lab), listRules(lab)]);
        const ports = pods.map(({ ip }) => rules.find((rule) => rule.includes(`${ip}:10003`))?.match(/--dport (\d+)/)?.[1] ?? 'none');
        return {
          holds: pods.length === 2 && !ports.includes('none') && new Set(ports).size === 2,
          from: 'master',
          expected: 'one per cloudcore, each for a port of its own',
          observed: pods.map(({ name }, index) => `${name} ${ports[index] ?? ''}`).join(', '),
          how: rules.join('; '),
        };
      });
    }),
    step('by these ports every call finds the cloudcore that has the edge', async ({ lab, expect }) => {
      await expectCalls(lab, expect, 'exec', 'by the manager', tries);
      await expectCalls(lab, expect, 'logs', 'by the manager', tries);
    }),
    step('rules by hand that spread over both: every other connection ends at the wrong one', async ({ lab, expect }) => {
      const { master } = theEdge(lab);
      const pods = await podsOf(lab);
      // inserted before the manager's: the second of these takes what the first leaves
      for (const [index, { ip }] of pods.entries())
        await master.$`sh -c ${`iptables -w -t nat -I ${chain} 1 -p tcp --dport 10351:10399 ${index === 1 ? '-m statistic --mode nth --every 2 --packet 0 ' : ''}${byHand} -j DNAT --to-destination ${ip}:10003`}`;
      await expectCalls(lab, expect, 'exec', 'spread over both', tries / 2);
      await expectCalls(lab, expect, 'logs', 'by the connection from before', tries);
    }),
    step('without them all calls work again, and with one cloudcore too', async ({ lab, expect }) => {
      await removeByHand(lab);
      await expectCalls(lab, expect, 'exec', 'by the manager again', tries);
      await scale(lab, 1);
      await expectCalls(lab, expect, 'exec', 'with one cloudcore', tries);
    }),
  ],
  cleanup: async ({ lab }) => {
    await removeByHand(lab);
    await lab.kubectl({ nothrow: true })`-n kubeedge scale deployment cloudcore --replicas=1`;
  },
});
