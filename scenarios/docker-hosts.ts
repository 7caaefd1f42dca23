/** Docker without CNI: a network that ends at its host, until flannel gives each Docker a subnet. Claims S003-* of the seed documents. */
import { type LabHandle, scenario, step } from 'edgelab';
import { checkDockerOnFlannel, checkPlainDocker, removeContainers, restoreDocker } from './docker-hosts/docker.ts';

const removeTraces = (lab: LabHandle): Promise<unknown> =>
  Promise.all(
    lab.nodes('host').map(async (node) => {
      await removeContainers(node);
      await restoreDocker(node);
    }),
  );

export default scenario({
  title: 'how far does the network of a Docker host go, with and without flannel?',
  topology: 'docker-hosts',
  needs: ['flannel'],
  steps: [
    step('Docker alone: a bridge on each host', async ({ lab, expect }) => {
      // what an interrupted run may have left
      await removeTraces(lab);
      await checkPlainDocker(lab, expect);
    }),
    step("Docker in flannel's subnets", ({ lab, expect }) => checkDockerOnFlannel(lab, expect)),
  ],
  cleanup: ({ lab }) => removeTraces(lab),
});
