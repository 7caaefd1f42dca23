/** The CNI result becomes the podIP. */
import type { Expect, LabHandle } from 'edgelab';

/** What the plugins answered to ADD, kept by libcni, against what the API says. */
export const checkPodIps = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { name: workload, nodes } = lab.workloads[0]!;
  for (const name of nodes) {
    const { name: pod, ip } = await lab.findPod(lab.pod(workload, { on: name }));
    const { text } = await lab.node(name)
      .$`grep -rlF ${pod} /var/lib/cni/results /var/lib/cni/cache/results 2>/dev/null | grep -- -eth0$ | xargs cat`;
    const address = /"address": *"([\d.]+)\/\d+"/.exec(text)?.[1] ?? 'none';
    expect.equal(address, ip, `podIP of ${pod}`, {
      from: name,
      claims: ['S003-CNI-5'],
      how: 'what the CNI plugin answered to ADD, kept below /var/lib/cni',
    });
  }
};
