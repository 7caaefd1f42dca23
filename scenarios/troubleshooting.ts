/** The troubleshooting list of the seed documents, without a mesh: each symptom made, seen, and cured. Claims S001-TRB-*. */
import { scenario, step } from 'edgelab';
import { cureDynamicController, restoreDynamicController, switchOffDynamicController } from './troubleshooting/dynamic-controller.ts';
import { cureMetaServer, restoreMetaServer, switchOffMetaServer } from './troubleshooting/meta-server.ts';
import { checkListing, removeServices } from './troubleshooting/services.ts';

export default scenario({
  title: 'everything runs, and yet edges know nothing of Services: two switches, their symptoms and their cures',
  topology: 'datacenter',
  disruptive: true,
  needs: ['kubeedge'],
  steps: [
    step('an edge asks its metaServer for Services', ({ lab, expect }) => checkListing(lab, expect, 'before', true, ['S001-TRB-4'])),
    step('without the dynamicController all pods run, and new Services never arrive', ({ lab, expect }) =>
      switchOffDynamicController(lab, expect),
    ),
    step('the switch in ConfigMap cloudcore and a restart cure it', ({ lab, expect }) => cureDynamicController(lab, expect)),
    step('without the metaServer all pods run, and nobody answers on the edge', ({ lab, expect }) => switchOffMetaServer(lab, expect)),
    step('the switches in edgecore.yaml and a restart cure it', ({ lab, expect }) => cureMetaServer(lab, expect)),
  ],
  cleanup: async ({ lab }) => {
    await Promise.all([removeServices(lab), restoreDynamicController(lab), restoreMetaServer(lab)]);
  },
});
