/** KubeEdge in a plant without any internet, from a release's files and a registry of its own. Claims S002-* of the seed documents. */
import { scenario, step } from 'edgelab';
import { checkPorts, checkService, checkToken } from './offline/cloud.ts';
import { checkConnection, checkDevice, checkNodes, checkStream, checkWarning, removeDevice } from './offline/edges.ts';
import { checkIsolation, checkNames, checkPackages, checkRelease } from './offline/isolation.ts';
import { checkDaemonSets, checkSeedAffinity, removeSeedAffinity } from './offline/placement.ts';
import { checkPodIps } from './offline/pod-ips.ts';
import { checkRegistry, removeTool } from './offline/registry.ts';

export default scenario({
  title: 'can KubeEdge be installed and used without any internet?',
  topology: 'offline',
  needs: ['kubeedge', 'registry'],
  steps: [
    step('nothing of the outside is there, and the uplink is cut', async ({ lab, expect }) => {
      await checkIsolation(lab, expect);
      await checkNames(lab, expect);
      await checkRelease(lab, expect);
      for (const edge of lab.nodes('edge')) await checkPackages(edge, expect);
      await lab.site('plant').uplink.down();
    }),
    step('edges have joined', ({ lab, expect }) => checkNodes(lab, expect)),
    step('what stays off the edges', async ({ lab, expect }) => {
      await checkDaemonSets(lab, expect);
      await checkSeedAffinity(lab, expect);
    }),
    step('an image of the plant, from its registry', ({ lab, expect }) => checkRegistry(lab, expect)),
    step('cloudcore is a service with certificates and a token', async ({ lab, expect }) => {
      await checkPorts(lab, expect);
      await checkService(lab, expect);
      await checkToken(lab, expect);
    }),
    step('the cloud pushes through the connection of the edge', async ({ lab, expect }) => {
      await checkConnection(lab, expect);
      await checkDevice(lab, expect);
    }),
    step('logs and exec need edgeStream', async ({ lab, expect }) => {
      await checkStream(lab, expect);
      await checkWarning(lab, expect);
    }),
    step('addresses of pods', ({ lab, expect }) => checkPodIps(lab, expect)),
  ],
  cleanup: ({ lab }) => Promise.all([removeSeedAffinity, removeTool, removeDevice].map((remove) => remove(lab))),
});
