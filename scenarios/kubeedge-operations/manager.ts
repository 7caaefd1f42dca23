/** cloud-iptables-manager: where it is absent kubectl logs and exec of edge pods fail, and a toleration brings it there. */
import type { Expect, LabHandle } from 'edgelab';
import { cloudNodes, findMaster, listPods } from './cast.ts';
import { expectStreams } from './metrics.ts';

const taint = 'node-role.kubernetes.io/control-plane';

/** Replaces the DaemonSet's tolerations: the chart's own list is empty. */
const setTolerations = (lab: LabHandle, keys: readonly string[]): Promise<unknown> => {
  const tolerations = keys.map((key) => ({ key, operator: 'Exists', effect: 'NoSchedule' }));
  return lab.kubectl`-n kubeedge patch daemonset cloud-iptables-manager --type merge -p ${JSON.stringify({ spec: { template: { spec: { tolerations } } } })}`;
};

/** On how many cloud nodes the manager is, once the DaemonSet has settled. */
const expectManagers = (lab: LabHandle, expect: Expect, wanted: number, claims: string[], how: string): Promise<unknown> =>
  expect.eventually(`managers on ${String(wanted)} cloud nodes`, '90s', async () => {
    const pods = (await listPods(lab, 'kubeedge', 'kubeedge=iptables-manager')).filter(({ ready }) => ready);
    const { text } =
      await lab.kubectl`-n kubeedge get daemonset cloud-iptables-manager -o ${'jsonpath={.status.desiredNumberScheduled} {.status.updatedNumberScheduled}'}`;
    const nodes = pods.map(({ node }) => node).toSorted();
    return {
      holds: nodes.length === wanted && text === `${String(wanted)} ${String(wanted)}`,
      ...{ from: 'kubectl', to: 'cloud-iptables-manager', claims, how },
      expected: `on ${String(wanted)} of ${String(cloudNodes(lab).length)} cloud nodes`,
      observed: `on ${String(nodes.length)} of ${String(cloudNodes(lab).length)} cloud nodes`,
      evidence: [{ at: 'kubectl get pods', saw: nodes.join(', ') }],
    };
  });

export const checkAbsence = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const master = findMaster(lab);
  const workers = cloudNodes(lab).length - 1;
  await lab.kubectl`taint node ${master.name} ${`${taint}=:NoSchedule`} --overwrite`;
  await setTolerations(lab, []);
  await expectManagers(
    lab,
    expect,
    workers,
    ['S001-CLD-4'],
    'the master is tainted, and the manager tolerates nothing, as the chart has it',
  );
  // a manager that ends leaves its rules: on a master that never had one there are none
  await removeRules(lab);
  await expectStreams(lab, expect, false, ['S001-CLD-4'], 'without the rule the API server dials the address of a LAN');
};

const removeRules = async (lab: LabHandle): Promise<void> => {
  const { $ } = findMaster(lab);
  for (const chain of ['OUTPUT', 'PREROUTING'])
    await $({ nothrow: true })`iptables -w -t nat -D ${chain} -m comment --comment ${'kubeedge tunnel port'} -j TUNNEL-PORT`;
  await $({ nothrow: true })`iptables -w -t nat -F TUNNEL-PORT && iptables -w -t nat -X TUNNEL-PORT`;
};

export const checkToleration = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const all = cloudNodes(lab).length;
  await setTolerations(lab, ['node-role.kubernetes.io/master']);
  await expectManagers(lab, expect, all - 1, ['S001-CLD-5'], "the seed's key of the taint is no more (refutes the seed)");
  await setTolerations(lab, [taint]);
  await expectManagers(lab, expect, all, ['S001-CLD-5'], `toleration ${taint} Exists NoSchedule`);
  await expectStreams(lab, expect, true, ['S001-CLD-5']);
};

export const checkAddresses = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const master = findMaster(lab);
  const managers = await listPods(lab, 'kubeedge', 'kubeedge=iptables-manager');
  const own = managers.filter(({ node, ip }) => lab.node(node).address === ip);
  expect.equal(own.length, managers.length, 'managers with the address of their node', {
    from: 'kubectl',
    claims: ['S001-CLD-6'],
    how: managers.map(({ node, ip }) => `${node} ${ip}`).join(', '),
  });
  const [cloudcore] = await listPods(lab, 'kubeedge', 'kubeedge=cloudcore');
  const { text } = await master.$`iptables -w -t nat -S TUNNEL-PORT | grep DNAT`;
  expect.that(
    cloudcore !== undefined && cloudcore.ip !== lab.node(cloudcore.node).address && text.includes(`${cloudcore.ip}:10003`),
    'address of cloudcore',
    {
      from: 'kubectl',
      claims: ['S001-CLD-6'],
      expected: 'a podIP, to which the rule leads',
      observed:
        cloudcore && text.includes(`${cloudcore.ip}:10003`) ? 'a podIP, to which the rule leads' : `${cloudcore?.ip ?? 'none'}; ${text}`,
      how: text,
    },
  );
};

export const restoreManager = async (lab: LabHandle): Promise<void> => {
  const master = findMaster(lab);
  await lab.kubectl({ nothrow: true })`taint node ${master.name} ${`${taint}-`}`;
  const tolerations = [{ operator: 'Exists' }];
  await lab.kubectl`-n kubeedge patch daemonset cloud-iptables-manager --type merge -p ${JSON.stringify({ spec: { template: { spec: { tolerations } } } })}`;
};
