/** What a node must be before and after Kubernetes and KubeEdge are on it. Claims S000-ENV-*, S000-INS-*. */
import { scenario, step } from 'edgelab';
import { checkBridgeFilter, restoreBridgeFilter } from './node-setup/bridge-filter.ts';
import { checkCluster, checkEdges, checkVersions } from './node-setup/cluster.ts';
import { checkClocks, checkGuards, checkNetwork, checkSysctls } from './node-setup/environment.ts';
import { checkBridgeCni, checkParts, checkPlacement, checkPodCidrs } from './node-setup/pod-network.ts';
import { checkNoPolicy, removePolicy } from './node-setup/policy.ts';
import { checkDrivers, checkRuntimes, checkWrongDriver, restoreDriver } from './node-setup/runtime.ts';

export default scenario({
  title: 'what a node needs: addresses, kernel settings, one cgroup driver, a CNI, and what the installation leaves on it',
  topology: 'datacenter',
  needs: ['kubernetes', 'flannel', 'kubeedge'],
  keepGoing: true,
  steps: [
    step('address, gateway, names; swap, firewall, clocks', async ({ lab, expect }) => {
      await Promise.all([checkNetwork(lab, expect), checkGuards(lab, expect), checkClocks(lab, expect), checkSysctls(lab, expect)]);
    }),
    step('without bridge-nf-call-iptables a node does not reach its own Services', ({ lab, expect }) => checkBridgeFilter(lab, expect)),
    step('runtime and kubelet or edgecore agree, node by node', async ({ lab, expect }) => {
      await Promise.all([checkDrivers(lab, expect), checkRuntimes(lab, expect)]);
    }),
    step('where they do not agree pods do not start', ({ lab, expect }) => checkWrongDriver(lab, expect)),
    step('what kubeadm, keadm and flannel have left', async ({ lab, expect }) => {
      await Promise.all([checkVersions(lab, expect), checkCluster(lab, expect), checkEdges(lab, expect)]);
      await Promise.all([checkPodCidrs(lab, expect), checkParts(lab, expect), checkPlacement(lab, expect), checkBridgeCni(lab, expect)]);
    }),
    step('a network policy, which flannel does not have', ({ lab, expect }) => checkNoPolicy(lab, expect)),
  ],
  cleanup: async ({ lab }) => {
    await Promise.all([restoreBridgeFilter(lab), restoreDriver(lab), removePolicy(lab)]);
  },
});
