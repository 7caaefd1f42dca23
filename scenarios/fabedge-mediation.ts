/** FabEdge's hole punching: through which NATs does the connector, as mediator, bring edges together? Claim S004-20. */
import { scenario, step } from 'edgelab';
import { checkHoles, checkMediator, tryHoles } from './fabedge/mediation.ts';

export default scenario({
  title: 'through which NATs do edges get a tunnel of their own?',
  topology: 'fabedge-mediated',
  needs: ['kubeedge', 'fabedge'],
  steps: [
    step('every edge knows the mediator', ({ lab, expect }) => checkMediator(lab, expect)),
    step('a tunnel where two holes meet, none where they do not', ({ lab, expect }) => checkHoles(lab, expect)),
    step('edge to edge across LANs', async ({ lab, expect }) => {
      await expect.reachAll(tryHoles(lab));
    }),
  ],
});
