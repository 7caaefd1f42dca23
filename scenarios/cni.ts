/** How do containers of several hosts get addresses, and how do they reach each other? Claims S003-* of the seed documents. */
import { scenario, step } from 'edgelab';
import { backends, checkBackend, useBackend } from './cni/backends.ts';
import { removeBoxes, type Box } from './cni/boxes.ts';
import { checkPlugins } from './cni/plugins.ts';
import { checkStore } from './cni/store.ts';

let boxes: Box[] = [];

export default scenario({
  title: 'how do containers of several hosts get addresses, and how do they reach each other?',
  topology: 'container-hosts',
  needs: ['flannel'],
  steps: [
    step('flannel keeps a subnet for each host in etcd', ({ lab, expect }) => checkStore(lab, expect)),
    step('the plugins wire a container', async ({ lab, expect }) => {
      boxes = await checkPlugins(lab, expect);
    }),
    ...backends.map((backend) => step(`between hosts by ${backend.name}`, ({ lab, expect }) => checkBackend(lab, expect, backend, boxes))),
  ],
  cleanup: async ({ lab }) => {
    await Promise.all(lab.nodes('host').map(removeBoxes));
    await useBackend(lab, 'vxlan');
  },
});
