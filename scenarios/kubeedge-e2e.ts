/** The cases of KubeEdge's own suite (tests/e2e/apps), and those of Kubernetes' node conformance that KubeEdge runs on edges, behind real NATs. */
import { scenario, step } from 'edgelab';
import { castEdges, removeObjects } from './kubeedge-e2e/cast.ts';
import { checkConformance, conformanceObjects } from './kubeedge-e2e/conformance.ts';
import { checkHolds } from './kubeedge-e2e/hold-upgrade.ts';
import { applyObjects } from './kubeedge-e2e/objects.ts';
import { checkPods, podObjects } from './kubeedge-e2e/pods.ts';
import { checkSets, setObjects } from './kubeedge-e2e/sets.ts';

export default scenario({
  title: "do the cases of KubeEdge's own suite, and of Kubernetes' node conformance, hold behind NATs?",
  topology: 'two-lans',
  needs: ['kubeedge'],
  keepGoing: true,
  steps: [
    step("KubeEdge's suite: held upgrades", ({ lab, expect }) => checkHolds(lab, expect)),
    step('the objects of all cases, for one edge of each site', ({ lab }) =>
      applyObjects(lab, castEdges(lab), [conformanceObjects, podObjects, setObjects]),
    ),
    step("KubeEdge's suite and Kubernetes' node conformance, side by side", async ({ lab, expect }) => {
      await Promise.all([checkConformance(lab, expect), checkPods(lab, expect), checkSets(lab, expect)]);
    }),
  ],
  cleanup: ({ lab }) => removeObjects(lab, false),
});
